import type { Json } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';
import type { Clock } from '../core/ports/clock.js';
import type { Result } from '../core/result.js';
import { whenAborted } from '../core/signals.js';
import type { Action, Guard } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';
import type { Guards } from './guards.js';
import type { ActionMemory } from './progress.js';
import { readyActions } from './ready.js';
import { DEFAULT_RETRY, type RetryPolicy, retryDelay } from './retry.js';

/*
 * The executor. Invariants of design.md §3 that it keeps:
 *   1. it alone calls `perform`, so only an action of a running plan changes anything;
 *   2. `record` resolves when the line is on disk, and the effect starts after that;
 *   6. the class of a failure decides: permanent stops what depends on it, unsafe stops the run, person pauses it;
 *   7. `mayStart` is asked before the first effect of every disruptive action, with nothing else disruptive running.
 */

export interface PerformInput {
  readonly action: Action;
  readonly attempt: number;
  readonly memory: ActionMemory;
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  /** Asked before the first effect, not where the goal holds already: undefined = go. */
  readonly mayStart: () => Promise<StepFailure | undefined>;
  readonly signal: AbortSignal;
}

export interface Performed {
  readonly result: 'changed' | 'held';
  readonly outputs: Readonly<Record<string, Json>>;
  readonly proof: string;
}

export interface ExecuteInput {
  readonly run: string;
  readonly actions: readonly Action[];
  readonly succeeded: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  /** What an action's earlier attempts left, in this life or one before. */
  readonly memory: (action: string) => ActionMemory;
  readonly attempts: ReadonlyMap<string, number>;
  readonly concurrency: number;
  readonly retry?: RetryPolicy;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly spread: () => number;
  readonly record: (event: RunEvent) => Promise<void>;
  readonly perform: (input: PerformInput) => Promise<Result<Performed, StepFailure>>;
  /** Asked before the effects of a disruptive action: undefined = go. */
  readonly mayStart: (action: Action) => Promise<StepFailure | undefined>;
  /** Background probes over the actions of this stage (fixed point i). */
  readonly guards: Pick<Guards, 'enter' | 'leave' | 'breach'>;
  /** Aborted = start nothing new, let what runs finish. */
  readonly soft: AbortSignal;
  /** Aborted = cut what runs. */
  readonly hard: AbortSignal;
}

export interface ExecuteOutcome {
  readonly outcome: 'done' | 'stopped' | 'paused' | 'failed';
  readonly succeeded: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, StepFailure>;
  readonly open: readonly string[];
}

interface State {
  readonly outputs: Map<string, Readonly<Record<string, Json>>>;
  readonly started: Set<string>;
  readonly failed: Map<string, StepFailure>;
  readonly running: Map<string, Action>;
  halted: 'no' | 'unsafe' | 'person';
}

const mayGoOn = (input: ExecuteInput, state: State): boolean =>
  !input.soft.aborted && !input.hard.aborted && state.halted === 'no' && input.guards.breach() === undefined;

const attemptOnce = async (
  input: ExecuteInput,
  state: State,
  action: Action,
  attempt: number,
): Promise<Result<Performed, StepFailure>> => {
  const place = action.host === undefined ? {} : { host: action.host };
  await input.record({
    type: 'action-intent',
    run: input.run,
    action: action.id,
    step: action.step,
    title: action.title,
    attempt,
    ...place,
  });
  return input.perform({
    action,
    attempt,
    memory: input.memory(action.id),
    outputs: state.outputs,
    mayStart: () => (action.disruptive ? input.mayStart(action) : Promise.resolve(undefined)),
    signal: input.hard,
  });
};

const tryAction = async (input: ExecuteInput, state: State, action: Action): Promise<void> => {
  const first = (input.attempts.get(action.id) ?? 0) + 1;
  const begun = input.clock.monotonic();
  for (let attempt = first; ; attempt += 1) {
    const result = await attemptOnce(input, state, action, attempt);
    const durationMs = input.clock.monotonic() - begun;
    if (result.ok) {
      await input.record({
        type: 'action-done',
        run: input.run,
        action: action.id,
        ...result.value,
        outputs: { ...result.value.outputs } as Record<string, never>,
        durationMs,
      });
      state.outputs.set(action.id, result.value.outputs);
      return;
    }
    const failure = result.error;
    const delay = mayGoOn(input, state)
      ? retryDelay(failure, attempt - first + 1, input.retry ?? DEFAULT_RETRY, input.spread())
      : undefined;
    const place = failure.host === undefined ? {} : { host: failure.host };
    await input.record({
      type: 'action-failed',
      run: input.run,
      action: action.id,
      class: failure.class,
      code: failure.code,
      message: failure.message,
      attempt,
      retrying: delay !== undefined,
      durationMs,
      ...place,
    });
    if (delay === undefined) {
      state.failed.set(action.id, failure);
      if (failure.class === 'unsafe' || (failure.class === 'person' && state.halted === 'no'))
        state.halted = failure.class;
      return;
    }
    await input.clock.delay(delay, input.hard).catch(() => undefined);
  }
};

/** A spent budget counts even when the last action has succeeded meanwhile. */
const outcomeKind = (
  { halted }: State,
  open: number,
  breach: Guard['onBreach'] | undefined,
): ExecuteOutcome['outcome'] => {
  if (halted === 'person' || breach === 'pause') return 'paused';
  if (halted === 'unsafe' || breach === 'rollback') return 'failed';
  return open === 0 && breach === undefined ? 'done' : 'stopped';
};

/** Guards may take a while to get ready: whoever asks to stop does not wait for that. */
const guarded = async ({ guards, soft }: ExecuteInput, action: string): Promise<void> => {
  if (soft.aborted) return;
  let forget = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    forget = whenAborted(soft, resolve);
  });
  await Promise.race([guards.enter(action), stopped]);
  forget();
};

/** An action under its guards: they look before it starts, and until it has ended. */
const runAction = async (input: ExecuteInput, state: State, action: Action): Promise<void> => {
  await guarded(input, action.id);
  try {
    if (mayGoOn(input, state)) await tryAction(input, state, action);
  } finally {
    input.guards.leave(action.id);
  }
};

const outcomeOf = (input: ExecuteInput, state: State): ExecuteOutcome => {
  const succeeded = new Set(state.outputs.keys());
  const open = input.actions.filter(({ id }) => !succeeded.has(id)).map(({ id }) => id);
  const kind = outcomeKind(state, open.length, input.guards.breach()?.guard.onBreach);
  return { outcome: kind, succeeded, failed: state.failed, open };
};

/** Resolves `next` once for all that was told since it was asked for, so that one pass serves many ends. */
const bell = () => {
  let ring = (): void => undefined;
  let rung = false;
  return {
    ring: () => {
      rung = true;
      ring();
    },
    next: async (): Promise<void> => {
      if (!rung)
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      rung = false;
    },
  };
};

/**
 * Runs the actions of one stage. Each starts as soon as its own predecessors have succeeded; one that fails keeps
 * back only what depends on it. Resolves when nothing runs and nothing more may start.
 */
export const execute = async (input: ExecuteInput): Promise<ExecuteOutcome> => {
  const state: State = {
    outputs: new Map(input.succeeded),
    started: new Set(input.succeeded.keys()),
    failed: new Map(),
    running: new Map(),
    halted: 'no',
  };
  const { ring, next: ended } = bell();
  const broken: unknown[] = [];
  let pending = input.actions;
  for (;;) {
    pending = pending.filter(({ id }) => !state.started.has(id));
    const situation = {
      running: [...state.running.values()],
      succeeded: state.outputs,
      started: state.started,
    };
    const next = mayGoOn(input, state)
      ? readyActions(pending, situation, { concurrency: input.concurrency })
      : [];
    for (const action of next) {
      state.started.add(action.id);
      state.running.set(action.id, action);
      void runAction(input, state, action)
        .catch((reason: unknown) => broken.push(reason))
        .finally(() => {
          state.running.delete(action.id);
          ring();
        });
    }
    if (state.running.size === 0) return outcomeOf(input, state);
    await ended();
    // A bug, or a journal that cannot be written: nothing may be started any more.
    if (broken.length > 0) throw broken[0];
  }
};
