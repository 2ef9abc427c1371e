import type { Clock } from '../../core/ports/clock.js';
import { joinSignals } from '../../core/signals.js';

/** Wakes whoever waits for something that agents may have said. */
export interface Pulse {
  /** Something was said; `news` when it was about packets. */
  readonly beat: (news: boolean) => void;
  readonly next: () => Promise<void>;
  /** Monotonic time of the last news. */
  readonly lastNews: () => number;
}

export const createPulse = (clock: Clock): Pulse => {
  let waiting: (() => void)[] = [];
  let last = clock.monotonic();
  return {
    beat: (news) => {
      if (news) last = clock.monotonic();
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
    lastNews: () => last,
  };
};

export interface WaitLimits {
  /** Gives up this long after the wait began. */
  readonly limitMs: number;
  /** Gives up when there was no news for so long. */
  readonly quietMs?: number;
}

export interface Waiter {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

/** Waits for a condition, not for a time: true as soon as it holds, false when a limit passed or on abort. */
export const waitUntil = async (
  { clock, pulse, signal }: Waiter,
  done: () => boolean,
  { limitMs, quietMs = limitMs }: WaitLimits,
): Promise<boolean> => {
  const start = clock.monotonic();
  const over = new AbortController();
  const either = joinSignals([signal, over.signal]);
  // One timer for many beats: news only ever moves the limit on, and a timer that was too early is set anew.
  let timer: Promise<void> | undefined;
  const unset = (): void => {
    timer = undefined;
  };
  try {
    while (!done()) {
      const now = clock.monotonic();
      const left = Math.min(start + limitMs, Math.max(start, pulse.lastNews()) + quietMs) - now;
      if (left <= 0 || signal.aborted) return false;
      timer ??= clock.delay(left, either.signal).then(unset, unset);
      await Promise.race([pulse.next(), timer]);
    }
    return true;
  } finally {
    over.abort();
    either.release();
  }
};
