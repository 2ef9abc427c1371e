import type { HostTarget, RunOptions, Script, TransportFailure } from '../core/ports/transport.js';
import { whenAborted } from '../core/signals.js';
import { deferred } from './deferred.js';
import { failure } from './failure.js';

/** The two ways in which a run is given up from here: its time is over, or its signal was aborted. */
export interface Deadline {
  /** Resolves with the failure; never when the run ends before. */
  readonly passed: Promise<TransportFailure>;
  readonly clear: () => void;
}

/** Without `timeoutMs` only the signal counts. */
export const startDeadline = (
  target: HostTarget,
  script: Script,
  options: Partial<Pick<RunOptions, 'timeoutMs' | 'signal'>>,
): Deadline => {
  const passed = deferred<TransportFailure>();
  const { timeoutMs, signal } = options;
  const late = (): void =>
    passed.resolve(failure(target, 'timed-out', `${script.title} took longer than ${timeoutMs} ms`));
  const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs);
  const cancel = (): void => passed.resolve(failure(target, 'cancelled', `${script.title} was cancelled`));
  if (signal?.aborted === true) cancel();
  const forget = signal === undefined ? undefined : whenAborted(signal, cancel);
  return {
    passed: passed.promise,
    clear: () => {
      clearTimeout(timer);
      forget?.();
    },
  };
};
