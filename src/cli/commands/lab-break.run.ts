import { sentence } from '../../core/text.js';
import { labBreak } from '../../lab/break.js';
import type { Fault } from '../../lab/faults/fault.js';
import { faults } from '../../lab/faults/list.js';
import type { Handler } from '../command.js';
import { changeRequest, labContext } from '../lab-context.js';

const listText = (list: readonly Fault[]): string => {
  const width = Math.max(...list.map((fault) => fault.id.length));
  return `${list.map((fault) => `${fault.id.padEnd(width)}  ${fault.title}`).join('\n')}\n`;
};

const asJson = ({ id, title, simulates, codes }: Fault): object => ({ id, title, simulates, codes });

export const run: Handler = async (args, context) => {
  const [fault] = args.positionals;
  const json = args.flags.output === 'json';
  if (fault === undefined) {
    context.print(json ? `${JSON.stringify(faults.map(asJson), null, 2)}\n` : listText(faults));
    return { exit: 'ok' };
  }
  const hosts = Array.isArray(args.flags.host) ? (args.flags.host as readonly string[]) : [];
  const done = await labBreak(labContext(context), { ...changeRequest(args, 'lab break'), fault, hosts });
  if (!done.ok) return { errors: [done.error] };
  const broken = done.value;
  context.print(
    json
      ? `${JSON.stringify({ ...asJson(broken.fault), hosts: broken.hosts }, null, 2)}\n`
      : `${sentence(broken.hosts)}: ${broken.fault.title}.\n${broken.fault.simulates}\nHeal it with: drover lab heal ${broken.fault.id}\n`,
  );
  return { exit: 'ok' };
};
