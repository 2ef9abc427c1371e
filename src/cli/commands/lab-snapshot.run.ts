import { labSnapshot } from '../../lab/snapshots.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const name = args.positionals[0] ?? '';
  const done = await labSnapshot(labContext(context), { ...changeRequest(args, 'lab snapshot'), name });
  if (!done.ok) return { errors: [done.error] };
  context.print(`Saved. Go back with: drover lab reset ${name}\n`);
  return { exit: 'ok' };
};
