import { labReset } from '../../lab/snapshots.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const snapshot = args.positionals[0];
  const done = await labReset(labContext(context), { ...changeRequest(args, 'lab reset'), snapshot });
  if (!done.ok) return { errors: [done.error] };
  context.print(`All hosts are back to ${snapshot ?? 'the state of a new lab'}.\n`);
  return { exit: 'ok' };
};
