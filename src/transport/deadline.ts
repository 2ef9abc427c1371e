import type { HostTarget, RunOptions, Script, TransportFailure } from '../core/ports/transport.js';
import { deferred } from './deferred.js';
import { failure } from './failure.js';

/** The two ways in which a run is given up from here: its time is over, or its signal was aborted. */
export interface Deadline {
  /** Resolves with the failure; never when the run ends before. */
  readonly passed: Promise<TransportFailure>;
  readonly clear: () => void;
}

export const startDeadline = (target: HostTarget, script: Script, options: RunOptions): Deadline => {
  const passed = deferred<TransportFailure>();
  const timer = setTimeout(
    () =>
      passed.resolve(
        failure(target, 'timed-out', `${script.title} took longer than ${options.timeoutMs} ms`),
      ),
    options.timeoutMs,
  );
  const cancel = (): void => passed.resolve(failure(target, 'cancelled', `${script.title} was cancelled`));
  if (options.signal?.aborted === true) cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  return {
    passed: passed.promise,
    clear: () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cancel);
    },
  };
};
