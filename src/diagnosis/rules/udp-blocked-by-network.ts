import { manual } from '../compose.js';
import { udpLossRule } from '../shapes/udp-loss.js';

export const udpBlockedByNetwork = udpLossRule({
  code: 'udp-blocked-by-network',
  title: 'The network drops a UDP port that a cluster network needs',
  cell: '-',
  evidence: "left the sender, never seen at the receiver's interface",
  cause:
    "Something between the hosts drops this port while others pass: the provider's firewall (implicit deny), or a hypervisor that eats tunnel ports.",
  fix: (port) =>
    manual(
      `allow UDP ${port} between the hosts in the provider's firewall (Hetzner: hcloud firewall add-rule NAME --direction in --protocol udp --port ${port} --source-ips NODE-RANGE)`,
    ),
  explain: `The datagrams were counted leaving the sender, and a capture at the receiver's interface never saw them, while other ports arrive on the same path. So it is neither host's firewall.

Typical: a Hetzner Cloud Firewall on public addresses denies inbound by default; one UDP rule opens the port. Its private networks do not filter. VMware NSX drops UDP 8472 and
4789 by itself, whatever the rules say: then another port or WireGuard is the way. The verdict table shows which cluster networks pass on the measured ports.`,
  source: 'https://docs.hetzner.com/cloud/firewalls/faq/',
  causes: ['claim-8472-blocked', 'claim-cilium-avoids-vxlan', 'vxlan-frames-lost'],
});
