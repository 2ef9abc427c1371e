import { chooseLab } from '../../lab/realm.js';
import { type LabStatus, labStatus } from '../../lab/status.js';
import type { Handler } from '../command.js';
import { textFlag } from '../lab-context.js';

const columns = (rows: readonly (readonly string[])[]): string => {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join('  ')}`.trimEnd())
    .join('\n');
};

const hostTable = (lab: LabStatus): string =>
  columns([
    ['HOST', 'ROLE', 'ADDRESS', 'POWER', 'FAULTS'],
    ...lab.hosts.map((host) => [
      host.name,
      host.role,
      host.address,
      host.power,
      [...host.faults, ...(host.throttle === undefined ? [] : [`throttled: ${host.throttle}`])].join(', ') ||
        '-',
    ]),
  ]);

const clusterLine = ({ cluster, api }: LabStatus): readonly string[] => {
  if (cluster === undefined) return api === undefined ? [] : [`  API: ${api}`];
  const what = cluster.kind === 'engine' ? 'lab engine' : 'real K3s (not rehearsed by this version)';
  const since = cluster.readyAt === undefined ? 'not Ready yet' : `all nodes Ready at ${cluster.readyAt}`;
  return [`  cluster: ${what} ${cluster.version}, ${since}${api === undefined ? '' : `, API at ${api}`}`];
};

/** What a person reads about one lab. */
export const statusText = (lab: LabStatus): string => {
  const services = lab.services === 'lost' ? ', resolvers and packages lost' : '';
  const head = `${lab.name}: ${lab.phase}${lab.network === undefined ? '' : `, ${lab.network} network`}${services}`;
  return [
    head,
    ...(lab.hosts.length === 0 ? [] : [hostTable(lab)]),
    ...clusterLine(lab),
    ...lab.partitions.map(([a, b]) => `  cut: ${a} and ${b}`),
    ...(lab.snapshots.length === 0 ? [] : [`  snapshots: ${lab.snapshots.join(', ')}`]),
    '',
  ].join('\n');
};

export const run: Handler = async (args, context) => {
  const wanted = args.positionals[0] ?? textFlag(args.flags, 'lab');
  if (wanted !== undefined) {
    const chosen = await chooseLab(wanted, context.env);
    if (!chosen.ok) return { errors: [chosen.error] };
  }
  const labs = (await labStatus(context.env)).filter((lab) => wanted === undefined || lab.name === wanted);
  if (args.flags.output === 'json') {
    context.print(`${JSON.stringify({ apiVersion: 'drover/v1', kind: 'LabStatus', labs }, null, 2)}\n`);
  } else {
    context.print(
      labs.length === 0 ? 'There is no lab. `drover lab up` makes one.\n' : labs.map(statusText).join('\n'),
    );
  }
  return { exit: 'ok' };
};
