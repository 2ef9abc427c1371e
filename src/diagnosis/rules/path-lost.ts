import { manual } from '../compose.js';
import { pathGrid } from '../paths/control.js';
import { lossOf } from '../paths/loss.js';
import { defineRule } from '../rule.js';
import { lossFinding } from '../shapes/lost-paths.js';

export const pathLost = defineRule({
  code: 'path-lost',
  title: 'Nothing passes between two hosts',
  severity: 'error',
  reads: ['probe:icmp', 'probe:tcp', 'probe:udp'],
  explain: `Neither echo nor any control port passes on these paths, although Drover reaches both hosts. The network is partitioned: wrong VLAN or private network, a missing route, a firewall
that drops everything, two hosts with one address. All losses of single ports on these paths are its symptoms and not reported.`,
  causes: ['latency-high', 'path-mtu-low'],
  check: (context) => {
    const grid = pathGrid(context);
    const loss = grid === undefined ? undefined : lossOf(grid, { lost: (cell) => cell === '-' });
    if (loss === undefined) return [];
    return [
      lossFinding(loss, {
        subject: 'Everything (echo, TCP and UDP)',
        evidence: 'no control probe passes',
        cause:
          'The hosts are not on one network, a route is missing, or a firewall drops all traffic between them.',
        fix: manual(
          'follow one path by hand: ip route get RECEIVER; ip neigh show RECEIVER; tcpdump -ni INTERFACE host SENDER on the receiver',
        ),
      }),
    ];
  },
});
