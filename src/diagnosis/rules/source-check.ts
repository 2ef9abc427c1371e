import { manual } from '../compose.js';
import { askedOption, NETWORKS } from '../networks.js';
import { grid } from '../paths/grid.js';
import { defineRule } from '../rule.js';
import { lossFinding, lostPaths } from '../shapes/lost-paths.js';

export const sourceCheck = defineRule({
  code: 'source-check',
  title: 'The network drops packets with pod addresses',
  severity: 'error',
  reads: ['probe:source', 'spec'],
  explain: `A packet whose source lies in the pod range does not arrive: the provider checks that senders use their own addresses (anti-spoofing, uRPF). Networks that send pods' packets bare (Flannel host-gw, Calico without
encapsulation, Cilium native) then work only when the provider knows the pod ranges as routes or alias addresses.`,
  source: 'https://docs.hetzner.com/networking/networks/technical-concepts/architecture',
  check: (context) => {
    const asked = askedOption(context.cluster);
    const grid_ = grid(context, 'source');
    const bare =
      asked !== undefined && NETWORKS[asked].bare && context.cluster?.spec.network.provider?.routes !== true;
    if (grid_ === undefined || asked === undefined || !bare) return [];
    const loss = lostPaths(context, grid_, { cells: '-nsrc' });
    if (loss === undefined) return [];
    return [
      lossFinding(loss, {
        subject: 'A packet with a pod address as source',
        evidence: 'lost where the same packet with the own address arrives',
        cause: 'The network accepts from each host only its own addresses (source check).',
        fix: manual(
          'use a network with a tunnel, or let the provider route the pod ranges: spec.network.provider.routes: true',
        ),
      }),
    ];
  },
});
