import { networkLeftoversRule } from '../shapes/network-leftovers.js';

export const ciliumLeftovers = networkLeftoversRule({
  code: 'cilium-leftovers',
  title: 'Cilium left traces',
  cni: 'cilium',
  called: 'Cilium',
  byHand:
    'ip rule add pref 0 table local; ip rule del pref 100; ip rule del pref 9; ip rule del pref 10; ip link del cilium_vxlan; ip link del cilium_host; rm /etc/cni/net.d/05-cilium.conflist; or reboot after the files',
  explain: `Cilium's devices, BPF programs, routing rules or files stand on a host that does not use Cilium. \`cilium_vxlan\` holds UDP 8472 against Flannel; its tc programs go on dropping packets; its conflist sorts first. Cilium's own
clean-up removes neither iptables chains nor routing rules. Put the rule for the local table back at preference 0 *before* deleting the one at 100, or the host loses its own addresses.`,
  causes: ['cilium-rules', 'cilium-backups', 'vxlan-device-stale', 'conflist-stale', 'conflist-unread'],
});
