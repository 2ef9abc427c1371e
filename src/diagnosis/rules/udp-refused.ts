import { step } from '../compose.js';
import { udpLossRule } from '../shapes/udp-loss.js';

export const udpRefused = udpLossRule({
  code: 'udp-refused',
  title: 'A UDP port that a cluster network needs is rejected',
  cell: 'r',
  evidence: 'answered with ICMP unreachable',
  cause: 'A firewall rejects the port openly (REJECT, as firewalld does) instead of dropping it.',
  fix: (port) =>
    step(
      'host.firewall',
      `allow it on the receiving hosts: firewall-cmd --permanent --add-port=${port}/udp && firewall-cmd --reload`,
    ),
  explain: `The receiver, or a router, answers with ICMP "unreachable" although a listener was waiting. firewalld's default zone rejects in this way.`,
  causes: ['claim-8472-blocked', 'claim-cilium-avoids-vxlan', 'vxlan-frames-lost'],
});
