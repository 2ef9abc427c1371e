import { err, ok, type Result } from '../core/result.js';
import type { CommandOutput } from './effects.js';
import type { StepFailure } from './failure.js';

/** Last lines of what a command said on stderr, or on stdout when it said nothing there. */
export const lastWords = (output: CommandOutput): string =>
  (output.stderr.trim() === '' ? output.stdout : output.stderr)
    .trim()
    .split('\n')
    .slice(-3)
    .join(' · ')
    .slice(0, 400);

/** A command that must succeed: any other status is a permanent failure with its last words. */
export const mustSucceed = (
  host: string,
  what: string,
  outcome: Result<CommandOutput, StepFailure>,
): Result<CommandOutput, StepFailure> => {
  if (!outcome.ok || outcome.value.status === 0) return outcome;
  return err({
    class: 'permanent',
    code: 'command-failed',
    host,
    message: `${host}: cannot ${what}`,
    cause: lastWords(outcome.value),
  });
};

/** What verify says when a goal does not hold. */
export const notHeld = (host: string, message: string, cause?: string): Result<never, StepFailure> =>
  err({
    class: 'permanent',
    code: 'command-failed',
    host,
    message: `${host}: ${message}`,
    ...(cause === undefined || cause === '' ? {} : { cause }),
  });

/** Runs effects one after another until one fails. */
export const inOrder = async (
  effects: readonly (() => Promise<Result<unknown, StepFailure>>)[],
): Promise<Result<void, StepFailure>> => {
  for (const effect of effects) {
    const outcome = await effect();
    if (!outcome.ok) return outcome;
  }
  return ok(undefined);
};
