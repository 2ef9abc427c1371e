import { sentence } from '../../core/text.js';
import { labHeal } from '../../lab/break.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const hosts = Array.isArray(args.flags.host) ? (args.flags.host as readonly string[]) : [];
  const request = { ...changeRequest(args, 'lab heal'), fault: args.positionals[0], hosts };
  const done = await labHeal(labContext(context), request);
  if (!done.ok) return { errors: [done.error] };
  const lines = done.value.map(({ id, hosts: healed }) => `healed ${id} on ${sentence(healed)}`);
  context.print(`${lines.length === 0 ? 'Nothing was broken.' : lines.join('\n')}\n`);
  return { exit: 'ok' };
};
