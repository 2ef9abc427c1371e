import { defineFault } from './fault.js';

export const staleCilium = defineFault({
  id: 'stale-cilium',
  place: 'host',
  title: 'Cilium was here: its devices are still there',
  simulates:
    'A quick try of Cilium that was never cleaned: its tunnel device holds the port that the next one needs.',
  codes: ['cilium-leftovers', 'vxlan-device-stale'],
  targets: 'agent',
  inject: (target) => `
ip link show cilium_vxlan >/dev/null 2>&1 || ip link add cilium_vxlan type vxlan external dstport 8472
ip link set cilium_vxlan up
ip link show cilium_host >/dev/null 2>&1 || ip link add cilium_host type veth peer name cilium_net
ip link set cilium_host up
ip link set cilium_net up
ip address replace 10.0.${target.index + 200}.12/32 dev cilium_host
save /etc/cni/net.d/05-cilium.conflist
mkdir -p /etc/cni/net.d
printf '{"cniVersion":"0.3.1","name":"cilium","plugins":[{"type":"cilium-cni","enable-debug":false}]}\n' >/etc/cni/net.d/05-cilium.conflist
`,
  heal: () => `
ip link del cilium_vxlan 2>/dev/null || true
ip link del cilium_host 2>/dev/null || true
restore /etc/cni/net.d/05-cilium.conflist
`,
  check: () => 'ip link show cilium_vxlan >/dev/null && ip link show cilium_host >/dev/null',
});
