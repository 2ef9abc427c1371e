import { labPartition } from '../../lab/cables.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

export const run: Handler = async (args, context) => {
  const heal = args.flags.heal === true;
  if (args.positionals.length === 1 || (args.positionals.length === 0 && !heal)) {
    const message = 'a partition takes two hosts or more';
    return { exit: 'usage', errors: [{ code: 'bad-usage', message, state: 'nothing was done' }] };
  }
  const request = { ...changeRequest(args, 'lab partition'), hosts: args.positionals, heal };
  const done = await labPartition(labContext(context), request);
  if (!done.ok) return { errors: [done.error] };
  const lines = done.value.map(([a, b]) => `cut: ${a} and ${b}`);
  context.print(`${lines.length === 0 ? 'No partitions.' : lines.join('\n')}\n`);
  return { exit: 'ok' };
};
