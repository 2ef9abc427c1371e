import { manual } from '../compose.js';
import { grid, grids, passes } from '../paths/grid.js';
import { lossEvidence, lossPairs } from '../paths/loss.js';
import { defineRule } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';

export const vxlanPortsEaten = defineRule({
  code: 'vxlan-ports-eaten',
  title: 'Only the well-known VXLAN ports are lost, everywhere',
  severity: 'warning',
  reads: ['probe:udp'],
  explain: `UDP 8472 and 4789 vanish between all hosts while other UDP ports pass on the same paths. That is how hypervisors with VXLAN of their own behave (VMware NSX): they take such packets for
theirs. No firewall rule helps; another port does.`,
  source: 'https://github.com/flannel-io/flannel/issues/423',
  causes: ['udp-blocked-by-network'],
  check: (context) => {
    const ports = [8472, 4789].flatMap((port) => grid(context, 'udp', port) ?? []);
    const losses = ports.flatMap((one) => lostPaths(context, one, { cells: '-' }) ?? []);
    const others = grids(context, 'udp').filter(
      ({ matrix }) => !matrix.control && ![8472, 4789].includes(matrix.number ?? 0),
    );
    const passing = others.filter(({ hosts, cell }) =>
      hosts.every((_, i) => hosts.every((__, j) => i === j || passes(cell(i, j)))),
    );
    const [first, second] = losses;
    if (
      first === undefined ||
      second === undefined ||
      losses.some(({ shape }) => shape !== 'all') ||
      passing.length === 0
    )
      return [];
    return [
      {
        title: `UDP 8472 and 4789 vanish between all ${first.grid.hosts.length} hosts while other UDP ports pass`,
        hosts: [...first.culprits],
        pairs: lossPairs(first),
        evidence: [
          lossEvidence(first, 'lost in the network'),
          lossEvidence(second, 'lost in the network'),
          ...passing.map(({ fact, matrix }) => ({
            fact,
            text: `UDP ${matrix.number ?? ''} passes on every path`,
          })),
        ],
        cause: 'A firewall without these two ports, or a hypervisor that takes VXLAN for its own traffic.',
        fix: manual(
          `move the tunnel to a port that passes (Cilium: tunnelPort: ${passing[0]?.matrix.number ?? 8473}; Calico: FelixConfiguration vxlanPort), or open the ports`,
        ),
      },
    ];
  },
});
