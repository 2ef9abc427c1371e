import { networkLeftoversRule } from '../shapes/network-leftovers.js';

export const calicoLeftovers = networkLeftoversRule({
  code: 'calico-leftovers',
  title: 'Calico left traces',
  cni: 'calico',
  called: 'Calico',
  byHand:
    'iptables-save | grep -v cali | iptables-restore (nft and legacy); nft delete table arp calico-arp; ipset list -n | grep ^cali | xargs -n1 ipset destroy; ip link del vxlan.calico; rm /etc/cni/net.d/*calico*; or reboot after the files',
  explain: `Calico's chains, sets, devices, routes or files stand on a host that does not use Calico. After \`kubectl delete -f calico.yaml\` its chains stay and end in a drop, so all pods are cut off; sets of a newer revision keep an older
Calico from starting; the conflist makes kubelet wait for a network that is gone.

Order matters: chains first (in both iptables back ends), then the nft table, then sets, devices, routes of protocol 80, files.`,
  causes: ['calico-default-deny', 'vxlan-device-stale', 'conflist-stale', 'conflist-unread'],
});
