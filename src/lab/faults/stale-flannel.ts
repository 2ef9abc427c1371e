import { defineFault } from './fault.js';

export const staleFlannel = defineFault({
  id: 'stale-flannel',
  place: 'host',
  title: 'Flannel was here: its devices and rules are still active',
  simulates:
    'An attempt to change the cluster network that was given up: FLANNEL-POSTRTG masquerades what the new network sends.',
  codes: ['flannel-leftovers', 'flannel-masquerade'],
  targets: 'agent',
  inject: (target) => `
ip link show flannel.1 >/dev/null 2>&1 || ip link add flannel.1 type vxlan id 1 dev host0 local ${target.host.address} dstport 8472 nolearning
ip address replace 10.42.${target.index + 7}.0/32 dev flannel.1
ip link set flannel.1 mtu 1450 up
ip link show cni0 >/dev/null 2>&1 || ip link add cni0 type bridge
ip address replace 10.42.${target.index + 7}.1/24 dev cni0
ip link set cni0 mtu 1450 up
iptables -t nat -N FLANNEL-POSTRTG 2>/dev/null || true
iptables -t nat -C POSTROUTING -j FLANNEL-POSTRTG 2>/dev/null || iptables -t nat -A POSTROUTING -j FLANNEL-POSTRTG
iptables -t nat -F FLANNEL-POSTRTG
iptables -t nat -A FLANNEL-POSTRTG -s 10.42.0.0/16 ! -d 224.0.0.0/4 -j MASQUERADE
mkdir -p /run/flannel
printf 'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.${target.index + 7}.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n' >/run/flannel/subnet.env
`,
  heal: () => `
ip link del flannel.1 2>/dev/null || true
ip link del cni0 2>/dev/null || true
iptables -t nat -D POSTROUTING -j FLANNEL-POSTRTG 2>/dev/null || true
iptables -t nat -F FLANNEL-POSTRTG 2>/dev/null || true
iptables -t nat -X FLANNEL-POSTRTG 2>/dev/null || true
nft delete table ip nat 2>/dev/null || true
rm -rf /run/flannel
`,
  check: () => 'ip link show flannel.1 >/dev/null && iptables -t nat -S FLANNEL-POSTRTG >/dev/null',
});
