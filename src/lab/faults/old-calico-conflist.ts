import { defineFault } from './fault.js';

export const oldCalicoConflist = defineFault({
  id: 'old-calico-conflist',
  place: 'host',
  title: 'A CNI configuration of an earlier Calico is left',
  simulates:
    'Files in /etc/cni/net.d win by name: the runtime calls a plugin that is not there any more and no pod starts.',
  codes: ['conflist-stale', 'conflist-unread', 'calico-leftovers'],
  targets: 'agent',
  inject: () => `
save /etc/cni/net.d/10-calico.conflist /etc/cni/net.d/calico-kubeconfig
mkdir -p /etc/cni/net.d
cat >/etc/cni/net.d/10-calico.conflist <<'CONFLIST'
{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "calico",
      "datastore_type": "kubernetes",
      "mtu": 0,
      "ipam": { "type": "calico-ipam" },
      "policy": { "type": "k8s" },
      "kubernetes": { "kubeconfig": "/etc/cni/net.d/calico-kubeconfig" }
    },
    { "type": "portmap", "snat": true, "capabilities": { "portMappings": true } }
  ]
}
CONFLIST
`,
  heal: () => 'restore /etc/cni/net.d/10-calico.conflist /etc/cni/net.d/calico-kubeconfig',
  check: () => '[ -e /etc/cni/net.d/10-calico.conflist ]',
});
