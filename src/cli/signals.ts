import { setMaxListeners } from 'node:events';
import type { ExitReason } from '../core/exit-codes.js';

type Reason = Extract<ExitReason, 'interrupted' | 'terminated'>;

/** The process's signals as AbortSignals. */
export interface Signals {
  readonly signal: AbortSignal;
  /**
   * For commands that can let running work finish: aborted by the second signal, to cut that work off. Whoever asks
   * for it takes the second signal over; only the third one ends the process then.
   */
  readonly hard: () => AbortSignal;
  /** How the process was asked to end, if it was. */
  readonly reason: () => Reason | undefined;
  readonly dispose: () => void;
}

export interface SignalHooks {
  /** After a signal that is obeyed gracefully: what happens now, and what the next one does. */
  readonly say: (text: string) => void;
  /** After the last: must end the process. */
  readonly end: (reason: Reason) => void;
}

const controller = (): AbortController => {
  const made = new AbortController();
  // Hundreds of requests may wait for the same signal.
  setMaxListeners(0, made.signal);
  return made;
};

/** The first SIGINT or SIGTERM aborts gracefully, the next one cuts off where a command can do that, or ends at once. */
export const watchSignals = (process: NodeJS.EventEmitter, hooks: SignalHooks): Signals => {
  const soft = controller();
  const hard = controller();
  let cuts = false;
  let reason: Reason | undefined;
  const handle = (next: Reason): void => {
    if (reason === undefined) {
      reason = next;
      hooks.say(
        cuts
          ? `${next}: nothing new is started, what runs may finish; once more cuts it off, resume joins it`
          : `${next}: ending what runs and cleaning up; once more ends at once`,
      );
      soft.abort(new Error(next));
    } else if (cuts && !hard.signal.aborted) {
      hooks.say(`${next} again: cutting off what runs; once more ends at once`);
      hard.abort(new Error(next));
    } else hooks.end(next);
  };
  const onInt = (): void => handle('interrupted');
  const onTerm = (): void => handle('terminated');
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  return {
    signal: soft.signal,
    hard: () => {
      cuts = true;
      return hard.signal;
    },
    reason: () => reason,
    dispose: () => {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
    },
  };
};
