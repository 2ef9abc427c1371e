import type { Json } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';
import type { Item } from '../steps/items.js';
import type { Saved } from './remote/saved.js';

/** What an action left in the journal for its next attempt. */
export interface ActionMemory {
  readonly checkpoint: Json | undefined;
  /** Items with an intent but without a result. */
  readonly open: readonly Item[];
  /** Keys of items that succeeded. */
  readonly finished: ReadonlySet<string>;
  /** Number of the next batch. */
  readonly nextBatch: number;
}

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
  /** Actions of the stages that were planned when they started, by stage. */
  readonly planned: ReadonlyMap<string, readonly Json[]>;
  /** What actions with an inverse found before their first change. */
  readonly former: ReadonlyMap<string, Json>;
  /** What is known of the things that actions saved, by action, then by host. */
  readonly saved: ReadonlyMap<string, ReadonlyMap<string, Saved>>;
}

/** Grows with every event of a run. */
export interface RunFold {
  readonly add: (event: RunEvent) => void;
  readonly progress: () => RunProgress;
  readonly memory: (action: string) => ActionMemory;
}

interface Memory {
  checkpoint: Json | undefined;
  readonly open: Map<string, Item>;
  readonly finished: Set<string>;
  nextBatch: number;
}

const attemptsOf = (progress: ActionProgress | undefined): number =>
  progress === undefined || progress.state === 'done' ? 0 : progress.attempts;

const remember = (memory: Memory, event: RunEvent): void => {
  switch (event.type) {
    case 'action-checkpoint':
      if (event.former !== true) memory.checkpoint = event.value;
      return;
    case 'items-intent':
      memory.nextBatch = Math.max(memory.nextBatch, event.batch + 1);
      // The first former state counts: a second look may already see the run's own effect.
      for (const item of event.items) if (!memory.open.has(item.key)) memory.open.set(item.key, item);
      return;
    case 'items-done':
      for (const { key, ok } of event.results) {
        memory.open.delete(key);
        if (ok) memory.finished.add(key);
      }
      return;
    default:
  }
};

const foldAction = (
  before: ActionProgress | undefined,
  event: RunEvent,
  { checkpoint }: Memory,
): ActionProgress | undefined => {
  switch (event.type) {
    case 'action-intent':
      return { state: 'open', attempts: attemptsOf(before) + 1, checkpoint };
    case 'action-checkpoint':
      return { state: 'open', attempts: attemptsOf(before), checkpoint };
    case 'action-done':
      return { state: 'done', outputs: event.outputs };
    case 'action-failed':
      return event.retrying
        ? { state: 'open', attempts: attemptsOf(before), checkpoint }
        : { state: 'failed', attempts: attemptsOf(before), message: event.message };
    default:
      return before;
  }
};

const fresh = (): Memory => ({ checkpoint: undefined, open: new Map(), finished: new Set(), nextBatch: 1 });

/** Folds the events of one run in their order; more may follow while it runs. */
export const foldRun = (events: Iterable<RunEvent>): RunFold => {
  const actions = new Map<string, ActionProgress>();
  const memories = new Map<string, Memory>();
  const planned = new Map<string, readonly Json[]>();
  const former = new Map<string, Json>();
  const saved = new Map<string, Map<string, Saved>>();
  let outcome: RunProgress['outcome'];
  let start: RunProgress['start'];
  let fencing = 0;

  const addToAction = (event: Extract<RunEvent, { action: string }>): void => {
    const memory = memories.get(event.action) ?? fresh();
    remember(memory, event);
    if (event.type === 'action-checkpoint' && event.former === true && !former.has(event.action))
      former.set(event.action, event.value);
    if (event.type === 'action-saved') {
      const { host, things, digest } = event;
      saved.set(
        event.action,
        (saved.get(event.action) ?? new Map<string, Saved>()).set(host, { things, digest }),
      );
    }
    memories.set(event.action, memory);
    const next = foldAction(actions.get(event.action), event, memory);
    if (next === undefined) return;
    actions.set(event.action, next);
    // Nobody asks a proven action for its items any more.
    if (next.state === 'done') memories.delete(event.action);
  };

  const add = (event: RunEvent): void => {
    if (event.type === 'run-start') {
      start ??= event;
      fencing = event.fencing;
      outcome = undefined;
    } else if (event.type === 'run-done') {
      outcome = event.outcome;
    } else if (event.type === 'stage-start') {
      if (event.planned !== undefined) planned.set(event.stage, event.planned);
    } else if ('action' in event) addToAction(event);
  };

  for (const event of events) add(event);
  return {
    add,
    progress: () => ({ actions, outcome, fencing, start, planned, former, saved }),
    memory: (action) => {
      const { open, ...memory } = memories.get(action) ?? fresh();
      return { ...memory, open: [...open.values()] };
    },
  };
};

/** Folds a whole journal. */
export const progressOf = (events: Iterable<RunEvent>): RunProgress => foldRun(events).progress();
