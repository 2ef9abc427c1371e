import { setMaxListeners } from 'node:events';

/** One abort signal made from several and a time limit. `release` gives timer and listeners back: call it in `finally`. */
export interface JoinedSignal {
  readonly signal: AbortSignal;
  /** True when the time limit, and nothing else, aborted it. */
  readonly timedOut: () => boolean;
  readonly release: () => void;
}

/**
 * Calls `act` when the signal aborts. Returns how to forget it again, which whoever waits must do at its end: signals of a
 * whole run outlive thousands of waits. Many of them hang on one signal at the same time, so Node's warning of a leak is
 * off for it.
 */
export const whenAborted = (signal: AbortSignal, act: () => void): (() => void) => {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
};

/**
 * Aborts when any of `signals` aborts, with that one's reason, or after `limitMs`. Used instead of
 * `AbortSignal.any` and `AbortSignal.timeout`: Node 20 may collect those before they fire,
 * and then nothing ends the wait. Here the controller stays reachable from its sources until it is released.
 */
export const joinSignals = (
  signals: readonly (AbortSignal | undefined)[],
  limitMs?: number,
): JoinedSignal => {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  let late = false;
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          late = !controller.signal.aborted;
          controller.abort(new DOMException(`no end within ${limitMs} ms`, 'TimeoutError'));
        }, limitMs);
  const forget = sources.map((source) => whenAborted(source, () => controller.abort(source.reason)));
  const release = (): void => {
    clearTimeout(timer);
    for (const each of forget) each();
  };
  setMaxListeners(0, controller.signal);
  const aborted = sources.find((source) => source.aborted);
  if (aborted !== undefined) {
    release();
    controller.abort(aborted.reason);
  }
  return { signal: controller.signal, timedOut: () => late, release };
};
