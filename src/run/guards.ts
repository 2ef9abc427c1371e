import type { Clock } from '../core/ports/clock.js';
import type { Guard } from '../plan/model.js';
import type { AnyGuard, GuardContext, GuardSample } from '../steps/guard.js';
import { spendingOf } from './guard-budget.js';

/*
 * Fixed point i: guards watch in the background over several actions. A guard is armed before the first of its
 * actions starts and watches until the last of them has ended.
 */

export interface Breach {
  readonly guard: Guard;
  readonly detail: string;
}

export interface GuardsInput {
  readonly guards: readonly Guard[];
  /** Actions that may still start. */
  readonly actions: readonly string[];
  readonly kind: (id: string) => AnyGuard | undefined;
  readonly context: (guard: Guard, signal: AbortSignal) => GuardContext;
  readonly clock: Clock;
  /** Told at once, once per guard; must put it on disk. */
  readonly onBreach: (breach: Breach) => Promise<void>;
}

/** The guards of one stage while it runs. */
export interface Guards {
  /** Before an action starts: resolves when every guard over it has looked once. */
  readonly enter: (action: string) => Promise<void>;
  readonly leave: (action: string) => void;
  readonly breach: () => Breach | undefined;
  /** Ends all guards; resolves when they have cleaned up. */
  readonly stop: () => Promise<void>;
}

/** A guard that is told to end has this long to remove what it made: the API may just be restarting. */
const CLEAN_UP_MS = 90_000;

/** The value, or undefined when it does not come within `ms`. */
const within = async <T>(
  clock: Clock,
  ms: number,
  value: Promise<T>,
): Promise<{ readonly value: T } | undefined> => {
  const stop = new AbortController();
  const late = clock.delay(ms, stop.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([value.then((given) => ({ value: given })), late]);
  } finally {
    stop.abort();
  }
};

interface Watching {
  readonly armed: Promise<void>;
  readonly end: () => Promise<void>;
}

interface WatchInput extends Pick<GuardsInput, 'clock' | 'context' | 'kind'> {
  readonly guard: Guard;
  readonly breached: (detail: string) => Promise<void>;
}

/** Follows one guard's samples until it ends, its budget is spent, or it goes blind. Resolves with what broke it. */
const follow = async (
  { clock, guard }: WatchInput,
  samples: AsyncIterator<GuardSample>,
  hooks: { readonly signal: AbortSignal; readonly seen: () => void },
): Promise<string | undefined> => {
  const spending = spendingOf(guard.budget);
  for (;;) {
    const next = await within(clock, guard.budget.silentMs, samples.next());
    if (hooks.signal.aborted) return undefined;
    if (next === undefined) return `it has seen nothing for ${guard.budget.silentMs} ms`;
    if (next.value.done === true) return 'it stopped looking by itself';
    const sample = next.value.value;
    const broken = spending.add(sample, sample.at ?? clock.monotonic());
    if (broken !== undefined) return broken;
    hooks.seen();
  }
};

const watch = (input: WatchInput): Watching => {
  const { guard, clock } = input;
  const stop = new AbortController();
  let seen = (): void => undefined;
  const armed = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const run = async (): Promise<void> => {
    const kind = input.kind(guard.kind);
    if (kind === undefined) return input.breached(`this version has no guard ${guard.kind}`);
    let samples: AsyncIterator<GuardSample> | undefined;
    let broken: string | undefined;
    try {
      samples = kind.watch(input.context(guard, stop.signal), guard.params)[Symbol.asyncIterator]();
      broken = await follow(input, samples, { signal: stop.signal, seen });
    } catch (reason) {
      broken = stop.signal.aborted ? undefined : `it failed: ${String(reason)}`;
    }
    if (broken !== undefined) await input.breached(broken);
    stop.abort();
    const closed = samples?.return?.();
    // What goes wrong while it cleans up does not change what was seen.
    if (closed !== undefined) await within(clock, CLEAN_UP_MS, closed).catch(() => undefined);
  };
  const ended = run().finally(seen);
  // Awaited in `end`; a journal that cannot be written any more must not end the process before that.
  ended.catch(() => undefined);
  return {
    armed,
    end: async () => {
      stop.abort();
      await ended;
    },
  };
};

const covers = (guard: Guard, action: string): boolean =>
  guard.during.length === 0 || guard.during.includes(action);

/** Opens the guards of a stage. Nothing is watched before the first action enters. */
export const openGuards = (input: GuardsInput): Guards => {
  const watching = new Map<string, Watching>();
  const ending: Promise<void>[] = [];
  const left = new Set<string>();
  let breach: Breach | undefined;

  const start = (guard: Guard): Watching => {
    const breached = async (detail: string): Promise<void> => {
      breach ??= { guard, detail };
      await input.onBreach({ guard, detail });
    };
    const made = watch({ ...input, guard, breached });
    watching.set(guard.id, made);
    return made;
  };

  return {
    enter: async (action) => {
      const over = input.guards.filter((guard) => covers(guard, action));
      await Promise.all(over.map((guard) => (watching.get(guard.id) ?? start(guard)).armed));
    },
    leave: (action) => {
      left.add(action);
      for (const guard of input.guards) {
        const open = guard.during.some((id) => input.actions.includes(id) && !left.has(id));
        const running = watching.get(guard.id);
        if (running !== undefined && guard.during.length > 0 && !open) ending.push(running.end());
      }
    },
    breach: () => breach,
    stop: async () => {
      await Promise.all([...ending, ...[...watching.values()].map((running) => running.end())]);
    },
  };
};
