import { step } from '../compose.js';
import { udpLossRule } from '../shapes/udp-loss.js';

export const udpBlockedBySender = udpLossRule({
  code: 'udp-blocked-by-sender',
  title: 'The sender itself does not let a UDP port out',
  cell: 's',
  evidence: 'never left the sender',
  cause: "A rule in the sender's output chain drops the packets, or the kernel finds no way to the receiver.",
  fix: (port) =>
    step('host.firewall', `look at the sender: nft list ruleset | grep -n ${port}; ip route get RECEIVER`),
  explain: `The kernel of the sender refused the datagrams (EPERM, or no route) or they never showed at its interface. Outbound rules of ufw, nftables or a security agent do this.`,
  causes: ['claim-8472-blocked', 'claim-cilium-avoids-vxlan', 'vxlan-frames-lost'],
});
