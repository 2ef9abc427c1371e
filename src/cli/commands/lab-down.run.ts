import type { DroverError } from '../../core/error.js';
import { labDown } from '../../lab/down.js';
import { chooseLab } from '../../lab/realm.js';
import { listLabs } from '../../lab/state/store.js';
import type { CommandContext, CommandOutcome, Handler } from '../command.js';
import { labContext, textFlag } from '../lab-context.js';

const remove = async (context: CommandContext, names: readonly string[]): Promise<CommandOutcome> => {
  const errors: DroverError[] = [];
  for (const name of names) {
    const done = await labDown(labContext(context), name);
    if (done.ok) context.print(`The lab ${name} is gone.\n`);
    else errors.push(done.error);
  }
  const [first, ...rest] = errors;
  return first === undefined ? { exit: 'ok' } : { errors: [first, ...rest] };
};

export const run: Handler = async (args, context) => {
  const given = args.positionals[0] ?? textFlag(args.flags, 'lab');
  if (args.flags.all === true) {
    const labs = await listLabs(context.env);
    if (labs.length === 0) context.print('There is no lab.\n');
    return remove(context, labs);
  }
  if (given !== undefined) return remove(context, [given]);
  const only = await chooseLab(undefined, context.env);
  return only.ok ? remove(context, [only.value]) : { errors: [only.error] };
};
