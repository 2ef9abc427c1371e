import type { Fix } from '../../core/events/finding.js';
import { allHosts, isServer } from '../access.js';
import { NEEDED_TCP, type NeededTcp } from '../networks.js';
import { grids } from '../paths/grid.js';
import type { Rule, RuleContext } from '../rule.js';
import { lossFinding, lostPaths } from './lost-paths.js';

export interface TcpLoss {
  readonly code: string;
  readonly title: string;
  readonly cells: string;
  readonly evidence: string;
  readonly cause: string;
  readonly fix: (port: number) => Fix;
  readonly explain: string;
}

/** Leaves only the pairs that need the port: agents do not talk to etcd. Without known roles every pair counts. */
const pairFilter = (context: RuleContext, hosts: readonly string[], need: NeededTcp) => {
  const servers = new Set(
    allHosts(context)
      .filter(isServer)
      .map(({ name }) => name),
  );
  const external = new Set(
    allHosts(context)
      .filter(({ role }) => role === 'external')
      .map(({ name }) => name),
  );
  const fits = (side: 'all' | 'servers'): boolean[] =>
    hosts.map((host) => !external.has(host) && (side === 'all' || servers.size === 0 || servers.has(host)));
  const [from, to] = [fits(need.from), fits(need.to)];
  return (a: number, b: number): boolean => from[a] === true && to[b] === true;
};

/** Rules about needed TCP ports differ only in the place where the packets were lost. */
export const tcpLossRule = ({ cells, evidence, cause, fix, ...rule }: TcpLoss): Rule => ({
  ...rule,
  severity: 'error',
  reads: ['probe:tcp', 'probe:icmp'],
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) =>
    NEEDED_TCP.flatMap((need) =>
      grids(context, 'tcp', need.port).flatMap((grid) => {
        if (grid.matrix.control) return [];
        const loss = lostPaths(context, grid, { cells, only: pairFilter(context, grid.hosts, need) });
        const subject = `TCP ${need.port} (${need.name})`;
        return loss === undefined
          ? []
          : [lossFinding(loss, { subject, evidence, cause, fix: fix(need.port) })];
      }),
    ),
});
