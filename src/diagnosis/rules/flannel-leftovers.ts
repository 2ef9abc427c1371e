import { networkLeftoversRule } from '../shapes/network-leftovers.js';

export const flannelLeftovers = networkLeftoversRule({
  code: 'flannel-leftovers',
  title: 'Flannel left traces',
  cni: 'flannel',
  called: 'Flannel',
  byHand:
    'ip link del flannel.1; ip link del cni0; iptables-save | grep -v FLANNEL | iptables-restore; rm -rf /run/flannel /var/lib/cni',
  explain: `Flannel's devices, routes, chains or files stand on a host that does not use Flannel. \`flannel.1\` holds UDP 8472 against Cilium; the chain FLANNEL-POSTRTG hides pods behind node addresses, so that network policies of the next
network drop everything; leases in /var/lib/cni keep addresses busy.`,
  causes: ['flannel-masquerade', 'vxlan-device-stale', 'conflist-stale', 'conflist-unread'],
});
