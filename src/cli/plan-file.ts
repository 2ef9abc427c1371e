import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

/** Where the plan is saved: `--out FILE`, or `-o FILE.json`. */
export const planFile = (flags: ParsedArguments['flags']): Result<string | undefined, DroverError> => {
  const output = textFlag(flags, 'output');
  const named = output?.endsWith('.json') === true ? output : undefined;
  const out = textFlag(flags, 'out');
  if (named === undefined || out === undefined) return ok(out ?? named);
  return err({
    code: 'plan-two-files',
    message: `--out ${out} and -o ${named} name two files for one plan`,
    state: 'nothing was changed',
    hint: 'leave one out',
  });
};
