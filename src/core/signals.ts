import { setMaxListeners } from 'node:events';

/** One abort signal made from several and a time limit. `release` gives timer and listeners back: call it in `finally`. */
export interface JoinedSignal {
  readonly signal: AbortSignal;
  /** True when the time limit, and nothing else, aborted it. */
  readonly timedOut: () => boolean;
  readonly release: () => void;
}

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
  const relay = (event: Event): void => {
    controller.abort((event.target as AbortSignal).reason);
  };
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          late = !controller.signal.aborted;
          controller.abort(new DOMException(`no end within ${limitMs} ms`, 'TimeoutError'));
        }, limitMs);
  const release = (): void => {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener('abort', relay);
  };
  // Many waits hang on one signal at the same time, and each takes its listener back: no leak to be warned of.
  setMaxListeners(0, controller.signal, ...sources);
  for (const source of sources) source.addEventListener('abort', relay, { once: true });
  const aborted = sources.find((source) => source.aborted);
  if (aborted !== undefined) {
    release();
    controller.abort(aborted.reason);
  }
  return { signal: controller.signal, timedOut: () => late, release };
};
