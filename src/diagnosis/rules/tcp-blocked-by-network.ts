import { manual } from '../compose.js';
import { tcpLossRule } from '../shapes/tcp-loss.js';

export const tcpBlockedByNetwork = tcpLossRule({
  code: 'tcp-blocked-by-network',
  title: 'The network drops a TCP port that the cluster needs',
  cells: '-',
  evidence: "left the sender, never seen at the receiver's interface",
  cause: "Something between the hosts drops this port while others pass, most often the provider's firewall.",
  fix: (port) =>
    manual(
      `allow TCP ${port} between the hosts in the provider's firewall (Hetzner: hcloud firewall add-rule NAME --direction in --protocol tcp --port ${port} --source-ips NODE-RANGE)`,
    ),
  explain: `Servers need 6443 (API and supervisor) from everybody, 2379 and 2380 (etcd) from each other; every node needs 10250 (kubelet) from every other. The connection was counted leaving the sender and never
seen at the receiver.`,
});
