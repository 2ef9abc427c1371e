import type { DroverErrors } from '../core/error.js';
import type { ExitReason } from '../core/exit-codes.js';
import type { Result } from '../core/result.js';
import type { RunSummary } from '../run/summary.js';
import type { CommandOutcome } from './command.js';

const EXITS: Readonly<Record<RunSummary['event']['outcome'], ExitReason>> = {
  done: 'ok',
  // Going back was what was asked for; where it follows a failure, the caller says so.
  'rolled-back': 'ok',
  stopped: 'stopped',
  failed: 'stopped',
  paused: 'paused',
};

export const exitOfRun = ({ event }: RunSummary): ExitReason => EXITS[event.outcome];

/** How a command ends whose work was one run. */
export const runOutcome = (summary: Result<RunSummary, DroverErrors>): CommandOutcome =>
  summary.ok ? { exit: exitOfRun(summary.value) } : { errors: summary.error };
