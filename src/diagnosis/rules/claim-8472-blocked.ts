import { manual } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import { defineRule } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';

const ANSWER = {
  n: {
    title: 'It is not the provider that blocks UDP 8472: the hosts themselves drop it',
    cause: "The packets reach the receiver's interface, and its own firewall drops them.",
    fix: 'open UDP 8472 on the hosts; no other cluster network is needed for this reason',
  },
  s: {
    title: 'It is not the provider that blocks UDP 8472: the sender does not let it out',
    cause: "The packets never leave the sender's interface.",
    fix: 'look at the output rules of the sender; no other cluster network is needed for this reason',
  },
  '-': {
    title: 'UDP 8472 is lost in the network, but that is a rule and not a limit of the provider',
    cause:
      "Providers' firewalls deny inbound by default and open UDP 8472 with one rule; Hetzner's private networks carry VXLAN. What Hetzner's firewall cannot allow at all is IPIP (IP protocol 4).",
    fix: 'open UDP 8472 between the hosts, or use the private network; a plan that goes to IPIP because of this block turns the capabilities round',
  },
} as const;

export const claim8472Blocked = defineRule({
  code: 'claim-8472-blocked',
  title: '"The provider blocks UDP 8472"',
  severity: 'info',
  reads: ['probe:udp'],
  explain: `Often said of Hetzner Cloud, and wrong as a general rule. A Cloud Firewall on public addresses denies inbound by default; its rules know tcp, udp, icmp, gre and esp, so UDP 8472 can be opened with one rule and **IPIP cannot**. Private
networks carry VXLAN in maintained set-ups (kube-hetzner, Kubespray's Terraform).

The same symptom has other causes: the host's own firewall, the tunnel on the wrong interface, a bad checksum, a MAC address that systemd rewrote, a hypervisor that eats VXLAN ports. Drover measures where the packets are lost.`,
  source: 'https://docs.hetzner.com/cloud/firewalls/faq/',
  check: (context) => {
    const udp = grid(context, 'udp', 8472);
    if (udp === undefined) return [];
    const place = (['-', 'n', 's'] as const).find(
      (cell) => lostPaths(context, udp, { cells: cell }) !== undefined,
    );
    const loss = place === undefined ? undefined : lostPaths(context, udp, { cells: place });
    if (place === undefined || loss === undefined) return [];
    const { title, cause, fix } = ANSWER[place];
    return [
      {
        title,
        hosts: [...loss.culprits],
        evidence: [lossEvidence(loss, 'UDP 8472 lost')],
        cause,
        fix: manual(fix),
      },
    ];
  },
});
