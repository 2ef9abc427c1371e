import { sentence } from '../../core/text.js';
import { labCrash } from '../../lab/operate.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const request = { ...changeRequest(args, 'lab crash'), hosts: args.positionals };
  const done = await labCrash(labContext(context), request);
  if (!done.ok) return { errors: [done.error] };
  const { changed } = done.value;
  context.print(
    changed.length === 0 ? 'The hosts were off already.\n' : `${sentence(changed)}: lost power.\n`,
  );
  return { exit: 'ok' };
};
