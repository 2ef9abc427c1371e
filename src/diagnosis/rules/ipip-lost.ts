import { manual } from '../compose.js';
import { askedOption } from '../networks.js';
import { grid } from '../paths/grid.js';
import { statefulOnly } from '../paths/stateful.js';
import { defineRule } from '../rule.js';
import { lossFinding, lostPaths } from '../shapes/lost-paths.js';

export const ipipLost = defineRule({
  code: 'ipip-lost',
  title: 'IPIP packets are lost',
  severity: 'error',
  reads: ['probe:protocol', 'spec'],
  explain: `The spec asks for Calico with IPIP, and packets of IP protocol 4 do not arrive while UDP and TCP do. Firewalls of providers know TCP, UDP, ICMP, sometimes GRE and ESP; only few (Linode, GCE, OpenStack)
can allow protocol 4 at all. A stateful firewall may let it pass by accident after the peer has spoken, and drops it again when the pair has been idle for some minutes.

Choose a network from the verdict table that passes cold.`,
  source: 'https://github.com/projectcalico/calico/issues/1357',
  causes: ['claim-ipip-not-blocked'],
  check: (context) => {
    const protocol = grid(context, 'protocol', 4);
    if (protocol === undefined || askedOption(context.cluster) !== 'calico-ipip') return [];
    const cells = statefulOnly(protocol) ? '-nsrcw' : '-nsrc';
    const loss = lostPaths(context, protocol, { cells });
    if (loss === undefined) return [];
    return [
      lossFinding(loss, {
        subject: 'IPIP (IP protocol 4)',
        evidence:
          cells === '-nsrc'
            ? 'protocol 4 lost where other traffic passes'
            : 'protocol 4 lost, or passes only after the peer has spoken',
        cause: 'A firewall without a rule for IP protocol 4 stands between the hosts, or on them.',
        fix: manual(
          'set spec.network.cni.mode: vxlan, or allow IP protocol 4 where the firewall can (Linode: IPENCAP; OpenStack: protocol 4)',
        ),
      }),
    ];
  },
});
