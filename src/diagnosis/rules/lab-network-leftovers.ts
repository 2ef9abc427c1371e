import { networkLeftoversRule } from '../shapes/network-leftovers.js';

export const labNetworkLeftovers = networkLeftoversRule({
  code: 'lab-network-leftovers',
  title: 'The lab’s own network left traces',
  cni: 'lab',
  called: 'The lab’s own network',
  byHand:
    'nft delete table ip labnet; ip route flush proto 73 (and with type unreachable); ip link del labnet.1; ip link del labnet0; rm -rf /var/lib/labnet /var/lib/cni/networks/labnet /etc/cni/net.d/*labnet* /opt/cni/bin/labnet-*',
  explain: `Devices, routes, rules or files of the network that Drover's lab brings stand on a host that does not use it. Its tunnel holds UDP 4789, which Calico's VXLAN needs as well.

It exists in labs alone: on a machine outside of one it was put by hand.`,
  causes: ['vxlan-device-stale', 'conflist-stale'],
});
