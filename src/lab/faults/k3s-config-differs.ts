import { defineFault } from './fault.js';
import { installK3sServer, removeK3sServer } from './k3s-server.js';

export const k3sConfigDiffers = defineFault({
  id: 'k3s-config-differs',
  place: 'host',
  title: 'Two servers have different critical K3s settings',
  simulates:
    'Cluster ranges and network back end must be equal on all servers; the second server refuses to join, or worse, joins.',
  codes: ['critical-values-differ'],
  targets: 'two-servers',
  inject: ({ index }) =>
    installK3sServer(`
cluster-cidr: 10.${42 + index}.0.0/16
flannel-backend: ${index === 0 ? 'vxlan' : 'none'}
disable-network-policy: ${index === 1}
`),
  heal: () => removeK3sServer,
  check: () => 'grep -q cluster-cidr /etc/rancher/k3s/config.yaml',
});
