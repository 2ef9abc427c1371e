import { type Look, liveInstalls, observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const forwardPolicyDrop = defineRule({
  code: 'forward-policy-drop',
  title: 'Forwarded packets are dropped by default',
  severity: 'info',
  reads: ['firewall', 'kubernetes'],
  explain: `Docker (and ufw) set the policy of the FORWARD chain to drop. Flannel and kube-proxy add rules that accept pods' packets, so pod traffic passes; routes of your own, and cluster networks that bypass iptables, do not.`,
  source: 'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  check: (context) => {
    const seen = observe(context, 'firewall', ({ chains }, host): Look[] =>
      liveInstalls(host).length > 0
        ? []
        : chains
            .filter(
              ({ hook, policy, family }) =>
                hook?.toLowerCase() === 'forward' &&
                policy?.toLowerCase() === 'drop' &&
                /^(ip|inet)$/.test(family),
            )
            .slice(0, 1)
            .map(({ backend, table, chain }) => ({
              text: `${backend} ${table} ${chain}: policy drop`,
              at: 'chains',
            })),
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'drops')} forwarded packets by default`,
      cause: 'Docker or ufw set the policy of the FORWARD chain.',
      fix: step('host.firewall', 'usually nothing; to let everything pass: iptables -P FORWARD ACCEPT'),
    }));
  },
});
