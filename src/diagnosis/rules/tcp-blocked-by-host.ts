import { step } from '../compose.js';
import { tcpLossRule } from '../shapes/tcp-loss.js';

export const tcpBlockedByHost = tcpLossRule({
  code: 'tcp-blocked-by-host',
  title: "A host's own firewall drops a TCP port that the cluster needs",
  cells: 'nsr',
  evidence: 'dropped or rejected by the receiving host itself, or never let out by the sender',
  cause:
    "The firewall of the receiving or sending host drops the port: nftables, iptables, ufw or firewalld, not the provider's.",
  fix: (port) =>
    step(
      'host.firewall',
      `allow it: ufw allow from NODE-RANGE to any port ${port} proto tcp; or see: nft list ruleset | grep -n ${port}`,
    ),
  explain: `The connection attempts were seen at the receiver's interface but not answered, or the sender's own kernel did not let them out. Servers need 6443, 2379 and 2380, every node 10250.`,
});
