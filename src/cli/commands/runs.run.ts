import { listRuns, loadRun, type StoredRun } from '../../app/cluster/run-store.js';
import { pad, width } from '../../report/layout.js';
import type { Handler } from '../command.js';

const summary = ({ id, plan, lines, progress }: StoredRun) => ({
  id,
  cluster: plan.cluster.name,
  realm: plan.realm,
  begun: lines[0]?.at ?? '',
  outcome: progress.outcome ?? 'not ended',
  done: [...progress.actions.values()].filter(({ state }) => state === 'done').length,
  actions: plan.stages.reduce((sum, { actions }) => sum + actions.length, 0),
});

export const run: Handler = async (args, context) => {
  const json = args.flags['output'] === 'json';
  const rows = [];
  for (const each of await listRuns(context.paths.stateDir)) {
    const loaded = await loadRun(context.paths.stateDir, each);
    if (loaded.ok) rows.push(summary(loaded.value));
    else context.emit({ type: 'diagnostic', severity: 'warning', error: loaded.error });
  }
  if (json) {
    context.print(`${JSON.stringify(rows, null, 2)}\n`);
    return { exit: 'ok' };
  }
  const table = rows.map((row) => [
    row.id,
    row.cluster,
    row.begun.slice(0, 19),
    row.outcome,
    `${row.done} of ${row.actions} actions`,
  ]);
  const columns = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...table.map((cells) => width(cells[at] ?? ''))));
  const text = table.map((cells) =>
    cells
      .map((cell, at) => pad(cell, columns[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  context.print(text.length === 0 ? 'No runs are kept here.\n' : `${text.join('\n')}\n`);
  return { exit: 'ok' };
};
