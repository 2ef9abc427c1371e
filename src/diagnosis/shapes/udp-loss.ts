import type { Fix } from '../../core/events/finding.js';
import { neededUdp, udpTitle } from '../networks.js';
import { grids } from '../paths/grid.js';
import type { Rule, RuleContext } from '../rule.js';
import { lossFinding, lostPaths } from './lost-paths.js';

/** UDP ports that some cluster network uses; the others are controls. */
const TUNNEL_PORTS: ReadonlySet<number> = new Set([4789, 8472, 51820]);

export interface UdpLoss {
  readonly code: string;
  readonly title: string;
  /** The cell that tells where the packets were lost. */
  readonly cell: string;
  readonly evidence: string;
  readonly cause: string;
  readonly fix: (port: number) => Fix;
  readonly explain: string;
  readonly source?: string;
  readonly causes?: readonly string[];
}

/**
 * The port that the spec's network uses matters most; 8472 is K3s' default and worth a warning; the others are
 * shown by the verdict table, and here only for information.
 */
const severityOf = (context: RuleContext, port: number): 'error' | 'warning' | 'info' => {
  if (neededUdp(context.cluster) === port) return context.cluster === undefined ? 'warning' : 'error';
  return port === 8472 ? 'warning' : 'info';
};

/** Rules about UDP ports differ only in the place where the packets were lost. */
export const udpLossRule = ({ cell, evidence, cause, fix, ...rule }: UdpLoss): Rule => ({
  ...rule,
  severity: 'error',
  reads: ['probe:udp', 'probe:icmp', 'spec'],
  check: (context) =>
    grids(context, 'udp').flatMap((grid) => {
      const port = grid.matrix.number ?? 0;
      const needed = neededUdp(context.cluster);
      if (grid.matrix.control || (!TUNNEL_PORTS.has(port) && port !== needed)) return [];
      const loss = lostPaths(context, grid, { cells: cell });
      if (loss === undefined) return [];
      const severity = severityOf(context, port);
      return [lossFinding(loss, { subject: udpTitle(port), evidence, cause, fix: fix(port), severity })];
    }),
});
