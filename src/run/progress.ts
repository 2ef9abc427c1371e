import type { Json } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';

/** What the journal says about one action. */
export type ActionProgress =
  | { readonly state: 'done'; readonly outputs: Readonly<Record<string, Json>> }
  /** An intent without an end: the effect may or may not have happened. */
  | { readonly state: 'open'; readonly attempts: number; readonly checkpoint: Json | undefined }
  | { readonly state: 'failed'; readonly attempts: number; readonly message: string };

/** State of a run, folded from its events; resume and `status` start from it. */
export interface RunProgress {
  readonly actions: ReadonlyMap<string, ActionProgress>;
  readonly outcome: Extract<RunEvent, { type: 'run-done' }>['outcome'] | undefined;
  readonly fencing: number;
  readonly start: Extract<RunEvent, { type: 'run-start' }> | undefined;
}

const EMPTY: RunProgress = { actions: new Map(), outcome: undefined, fencing: 0, start: undefined };

const attemptsOf = (progress: ActionProgress | undefined): number =>
  progress === undefined || progress.state === 'done' ? 0 : progress.attempts;

const checkpointOf = (progress: ActionProgress | undefined): Json | undefined =>
  progress?.state === 'open' ? progress.checkpoint : undefined;

const foldAction = (before: ActionProgress | undefined, event: RunEvent): ActionProgress | undefined => {
  switch (event.type) {
    case 'action-intent':
      return { state: 'open', attempts: attemptsOf(before) + 1, checkpoint: checkpointOf(before) };
    case 'action-checkpoint':
      return { state: 'open', attempts: attemptsOf(before), checkpoint: event.value };
    case 'action-done':
      return { state: 'done', outputs: event.outputs };
    case 'action-failed':
      return event.retrying
        ? { state: 'open', attempts: attemptsOf(before), checkpoint: checkpointOf(before) }
        : { state: 'failed', attempts: attemptsOf(before), message: event.message };
    default:
      return before;
  }
};

/** Folds the events of one run in their order. */
export const progressOf = (events: Iterable<RunEvent>): RunProgress => {
  const actions = new Map<string, ActionProgress>();
  let { outcome, fencing, start } = EMPTY;
  for (const event of events) {
    if (event.type === 'run-start') {
      start ??= event;
      fencing = event.fencing;
      outcome = undefined;
    } else if (event.type === 'run-done') {
      outcome = event.outcome;
    } else if ('action' in event) {
      const next = foldAction(actions.get(event.action), event);
      if (next !== undefined) actions.set(event.action, next);
    }
  }
  return { actions, outcome, fencing, start };
};
