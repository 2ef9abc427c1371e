import { readOutages } from '../../app/cluster/outage-file.js';
import { loadRun } from '../../app/cluster/run-store.js';
import { runHtml } from '../../report/run-html.js';
import { runLine } from '../../report/run-line.js';
import type { Handler } from '../command.js';

export const run: Handler = async (args, context) => {
  const loaded = await loadRun(context.paths.stateDir, args.positionals[0]);
  if (!loaded.ok) return { errors: [loaded.error] };
  const { id, plan, lines } = loaded.value;
  if (args.flags['output'] === 'json') {
    context.print(`${JSON.stringify(lines, null, 2)}\n`);
    return { exit: 'ok' };
  }
  if (args.flags['output'] === 'html') {
    const outages = await readOutages(context.paths.stateDir, id);
    const { tool, realm } = plan;
    context.print(runHtml({ run: id, cluster: plan.cluster.name, realm, tool, lines, outages }));
    return { exit: 'ok' };
  }
  const style = { ...context.style, unicode: true };
  const told = lines.flatMap(({ at, event }) => {
    const line = runLine(style, event, true);
    return line === undefined ? [] : [`${at.slice(11, 19)} ${line}`];
  });
  context.print(`${told.join('\n')}\n`);
  return { exit: 'ok' };
};
