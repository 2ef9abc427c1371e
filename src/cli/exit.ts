import { EXIT, type ExitReason } from '../core/exit-codes.js';
import type { CommandOutcome } from './command.js';

/** Exit reason of a code; unknown codes are plain failures. */
const reasonOf = async (code: string): Promise<ExitReason> => {
  const { findCode } = await import('./catalogue.js');
  return findCode(code)?.exit ?? 'failure';
};

/**
 * The exit code of an outcome. `undefined` = a bug. A signal decides unless the command got to its good end anyway;
 * without a reason of its own an outcome takes that of its first error.
 */
export const exitCodeOf = async (
  outcome: CommandOutcome | undefined,
  signalled: 'interrupted' | 'terminated' | undefined,
): Promise<number> => {
  if (outcome === undefined) return EXIT.failure;
  if (signalled !== undefined && outcome.exit !== 'ok') return EXIT[signalled];
  if (outcome.exit !== undefined) return EXIT[outcome.exit];
  return EXIT['errors' in outcome ? await reasonOf(outcome.errors[0].code) : 'ok'];
};
