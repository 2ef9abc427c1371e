import type { RunEvent } from '../../core/events/run.js';
import { type Action, actionSchema, type Plan } from '../../plan/model.js';
import { progressOf } from '../progress.js';

/** Actions of a run that were begun, the last begun first: only these can have changed anything. */
export const begunIn = (plan: Plan, events: readonly RunEvent[]): Action[] => {
  const planned = [...progressOf(events).planned.values()].flat().map((each) => actionSchema.parse(each));
  const byId = new Map(
    [...plan.stages.flatMap(({ actions }) => actions), ...planned].map((action) => [action.id, action]),
  );
  const begun = new Set(events.flatMap((event) => (event.type === 'action-intent' ? [event.action] : [])));
  return [...begun].reverse().flatMap((id) => byId.get(id) ?? []);
};
