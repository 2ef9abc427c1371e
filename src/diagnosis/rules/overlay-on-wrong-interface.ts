import { cidrHasAddress } from '../../core/cidr.js';
import { type Look, nodeNetwork, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const overlayOnWrongInterface = defineRule({
  code: 'overlay-on-wrong-interface',
  title: 'The tunnel runs over another network than the nodes',
  severity: 'error',
  reads: ['links'],
  explain: `The VXLAN device sends from an address outside the node network, usually the public one. There the provider's firewall drops UDP 8472, which looks like "the provider blocks VXLAN". Pin the interface:
\`flannel-iface\` and \`node-ip\` for K3s, \`IP_AUTODETECTION_METHOD=kubernetes-internal-ip\` for Calico.`,
  source: 'https://docs.k3s.io/networking/basic-network-options',
  check: (context) => {
    const network = nodeNetwork(context);
    if (network === undefined) return [];
    const seen = observe(context, 'links', (links): Look[] =>
      links
        .filter(
          ({ vxlan }) =>
            vxlan?.local !== undefined && vxlan.local !== '' && !cidrHasAddress(network.cidr, vxlan.local),
        )
        .map(({ name, vxlan }) => ({ text: `${name} sends from ${vxlan?.local ?? ''}`, at: name })),
    );
    return findingIf(seen, () => ({
      title: `The tunnel on ${where(seen)} does not run over ${network.cidr}`,
      cause: 'The cluster network took the interface of the default route.',
      fix: step(
        'k3s.config',
        'set node-ip and flannel-iface in /etc/rancher/k3s/config.yaml, then: systemctl restart k3s',
      ),
    }));
  },
});
