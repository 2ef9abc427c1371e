import { members, valueOf } from '../access.js';
import { manual } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import { defineRule, type RuleContext } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';

const ciliumConcerned = (context: RuleContext): boolean =>
  context.cluster?.spec.network.cni.name === 'cilium' ||
  members(context).some((host) => (valueOf(host, 'traces') ?? []).some(({ owner }) => owner === 'cilium'));

export const claimDirectRoutes = defineRule({
  code: 'claim-direct-routes',
  title: '"auto-direct-node-routes makes Cilium work without a tunnel"',
  severity: 'info',
  reads: ['probe:adjacency', 'spec', 'traces'],
  explain: `\`auto-direct-node-routes\` installs a route to each node's pods via that node. That works where all nodes share one segment (layer 2). On a routed network such as Hetzner's the next hop is a gateway that knows no pods, and Cilium refuses:
"route to destination contains gateway, must be directly reachable". There, native routing needs routes at the provider (hcloud cloud controller, \`ipam.mode=kubernetes\`, at most 100 nodes), or a tunnel.`,
  source: 'https://github.com/cilium/cilium/issues/24777',
  check: (context) => {
    const adjacency = grid(context, 'adjacency');
    if (adjacency === undefined || !ciliumConcerned(context)) return [];
    const loss = lostPaths(context, adjacency, { cells: '-' });
    if (loss === undefined) return [];
    return [
      {
        title: 'auto-direct-node-routes cannot work here: a gateway stands between the hosts',
        hosts: [...loss.culprits],
        evidence: [lossEvidence(loss, 'behind a gateway')],
        cause: 'The network is routed (layer 3); direct routes need neighbours.',
        fix: manual(
          'routingMode: tunnel, or native routing with routes kept by the provider (spec.network.provider.routes: true)',
        ),
      },
    ];
  },
});
