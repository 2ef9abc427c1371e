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

/**
 * Those of them that changed something which can be taken back: not what held already when it was looked at, and
 * nothing irreversible.
 */
export const revocableIn = (plan: Plan, events: readonly RunEvent[]): Action[] => {
  const tries = new Map<string, number>();
  const held = new Set<string>();
  for (const event of events) {
    if (event.type === 'action-intent') tries.set(event.action, (tries.get(event.action) ?? 0) + 1);
    // An earlier attempt may be the reason why it held.
    if (event.type === 'action-done' && event.result === 'held' && tries.get(event.action) === 1)
      held.add(event.action);
  }
  return begunIn(plan, events).filter(({ id, undo }) => undo.kind !== 'irreversible' && !held.has(id));
};
