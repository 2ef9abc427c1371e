import { sentence } from '../../core/text.js';
import { labStart } from '../../lab/operate.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const request = { ...changeRequest(args, 'lab start'), hosts: args.positionals };
  const done = await labStart(labContext(context), request);
  if (!done.ok) return { errors: [done.error] };
  const { changed } = done.value;
  context.print(changed.length === 0 ? 'All hosts were on already.\n' : `${sentence(changed)}: on.\n`);
  return { exit: 'ok' };
};
