import { setMaxListeners } from 'node:events';
import type { ExitReason } from '../core/exit-codes.js';

/** The process's signals as an AbortSignal. */
export interface Signals {
  readonly signal: AbortSignal;
  /** How the process was asked to end, if it was. */
  readonly reason: () => Extract<ExitReason, 'interrupted' | 'terminated'> | undefined;
  readonly dispose: () => void;
}

export interface SignalHooks {
  /** After the first signal: work is being ended and cleaned up. */
  readonly onFirst: (text: string) => void;
  /** After the second: must end the process. */
  readonly onSecond: (reason: 'interrupted' | 'terminated') => void;
}

/** The first SIGINT or SIGTERM aborts gracefully, the second one ends at once. */
export const watchSignals = (process: NodeJS.EventEmitter, hooks: SignalHooks): Signals => {
  const controller = new AbortController();
  // Hundreds of requests may wait for the same signal.
  setMaxListeners(0, controller.signal);
  let reason: 'interrupted' | 'terminated' | undefined;
  const handle = (next: 'interrupted' | 'terminated'): void => {
    if (reason !== undefined) {
      hooks.onSecond(next);
      return;
    }
    reason = next;
    hooks.onFirst(`${next}: ending what runs and cleaning up; once more ends at once`);
    controller.abort(new Error(next));
  };
  const onInt = (): void => handle('interrupted');
  const onTerm = (): void => handle('terminated');
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  return {
    signal: controller.signal,
    reason: () => reason,
    dispose: () => {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
    },
  };
};
