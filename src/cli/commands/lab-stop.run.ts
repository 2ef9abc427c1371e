import { sentence } from '../../core/text.js';
import { labStop } from '../../lab/operate.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const request = { ...changeRequest(args, 'lab stop'), hosts: args.positionals };
  const done = await labStop(labContext(context), request);
  if (!done.ok) return { errors: [done.error] };
  const { changed } = done.value;
  context.print(changed.length === 0 ? 'All hosts were off already.\n' : `${sentence(changed)}: off.\n`);
  return { exit: 'ok' };
};
