import { manual } from '../compose.js';
import { askedOption, NETWORKS } from '../networks.js';
import { grid } from '../paths/grid.js';
import { defineRule } from '../rule.js';
import { lossFinding, lostPaths } from '../shapes/lost-paths.js';

export const networkRouted = defineRule({
  code: 'network-routed',
  title: 'The chosen network needs neighbours, but a gateway stands between the hosts',
  severity: 'error',
  reads: ['probe:adjacency', 'spec'],
  explain: `Flannel host-gw, Calico without encapsulation and Cilium with \`auto-direct-node-routes\` install routes to pods *via the other node*. That needs one Ethernet segment. Here every packet passes a gateway (Hetzner
Cloud Networks are of this kind): the gateway knows no pods and drops them; Cilium refuses with "must be directly reachable".

Use a tunnel, or routes kept by the provider (\`spec.network.provider.routes: true\`, cloud controller).`,
  source: 'https://docs.hetzner.com/networking/networks/technical-concepts/architecture',
  causes: ['claim-direct-routes', 'source-check'],
  check: (context) => {
    const adjacency = grid(context, 'adjacency');
    const asked = askedOption(context.cluster);
    if (adjacency === undefined || asked === undefined || !NETWORKS[asked].bare) return [];
    if (context.cluster?.spec.network.provider?.routes === true) return [];
    const loss = lostPaths(context, adjacency, { cells: '-' });
    if (loss === undefined) return [];
    return [
      {
        ...lossFinding(loss, {
          subject: '',
          evidence: 'behind a gateway',
          cause:
            'The network is routed (layer 3): hosts are not neighbours, so routes to pods via a node lead nowhere.',
          fix: manual(
            'choose a network with a tunnel (see the verdicts), or set spec.network.provider.routes: true and let the provider keep the routes',
          ),
        }),
        title: `${NETWORKS[asked].title} needs hosts on one segment, but a gateway stands between them on ${loss.lost.length} of ${loss.considered} paths`,
      },
    ];
  },
});
