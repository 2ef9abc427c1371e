import { step } from '../compose.js';
import { udpLossRule } from '../shapes/udp-loss.js';

export const udpBlockedByHost = udpLossRule({
  code: 'udp-blocked-by-host',
  title: "The receiver's own firewall drops a UDP port that a cluster network needs",
  cell: 'n',
  evidence: "seen at the receiver's interface, not delivered",
  cause: "The packets arrive at the host, and its own firewall drops them: not the provider's.",
  fix: (port) =>
    step(
      'host.firewall',
      `allow it on the receiving hosts: ufw allow from NODE-RANGE to any port ${port} proto udp; or see: nft list ruleset`,
    ),
  explain: `A capture at the receiver's interface saw the datagrams, but no socket got them: the host itself drops them, by nftables, iptables (either backend), ufw or firewalld. The provider is not to blame.`,
  causes: ['claim-8472-blocked', 'claim-cilium-avoids-vxlan', 'vxlan-frames-lost'],
});
