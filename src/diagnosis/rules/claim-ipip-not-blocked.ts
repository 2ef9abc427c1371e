import { members, type Observation, observe, valueOf } from '../access.js';
import { limited, manual } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import { statefulOnly } from '../paths/stateful.js';
import { defineRule, type RuleContext } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';

const ipipConcerned = (context: RuleContext): boolean =>
  context.cluster?.spec.network.cni.mode === 'ipip' ||
  members(context).some((host) => (valueOf(host, 'traces') ?? []).some(({ name }) => name === 'tunl0'));

const withoutKernel = (context: RuleContext): Observation[] =>
  observe(context, 'kernel', ({ features }) =>
    features['ipip'] === 'absent' ? { text: 'the kernel has no ipip', at: 'features.ipip' } : undefined,
  );

export const claimIpipNotBlocked = defineRule({
  code: 'claim-ipip-not-blocked',
  title: '"IPIP works here, because no port is blocked"',
  severity: 'info',
  reads: ['probe:protocol', 'kernel', 'spec', 'traces'],
  explain: `IPIP has no port at all: it is an IP protocol of its own (4), which most providers' firewalls cannot allow (Hetzner: tcp, udp, icmp, gre, esp; DigitalOcean and Azure likewise). Where it seems to work, a stateful firewall often lets *answers* pass:
after about ten idle minutes the pair is cut off. It also needs the kernel module \`ipip\`, and Calico's \`calico_backend: bird\` for routes.`,
  source: 'https://github.com/projectcalico/calico/issues/1357',
  check: (context) => {
    if (!ipipConcerned(context)) return [];
    const protocol = grid(context, 'protocol', 4);
    const loss =
      protocol === undefined
        ? undefined
        : lostPaths(context, protocol, { cells: statefulOnly(protocol) ? '-nsrcw' : '-nsrc' });
    const kernel = withoutKernel(context);
    const evidence = [
      ...(loss === undefined ? [] : [lossEvidence(loss, 'protocol 4 lost, or passes only as an answer')]),
      ...kernel,
    ];
    if (evidence.length === 0) return [];
    return [
      {
        title: 'IPIP is no safe way round a blocked port on these machines',
        hosts: loss === undefined ? [...new Set(kernel.map(({ host }) => host))] : [...loss.culprits],
        evidence: limited(evidence),
        cause:
          kernel.length > 0
            ? 'The kernel of the hosts has no IPIP.'
            : 'IP protocol 4 is lost, or passes only as the answer to a packet of the peer.',
        fix: manual('choose VXLAN on a port that passes, or WireGuard; see the verdicts'),
      },
    ];
  },
});
