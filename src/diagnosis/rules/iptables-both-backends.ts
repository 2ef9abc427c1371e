import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const iptablesBothBackends = defineRule({
  code: 'iptables-both-backends',
  title: 'Rules stand in both iptables back ends',
  severity: 'warning',
  reads: ['firewall'],
  explain: `The kernel has two tables of rules, nf_tables and the old iptables, and applies both. Programs see only theirs: a rule in the other drops packets although \`iptables -L\` looks clean. Calico's Felix was seen to
pick one back end after one start and the other after the next; pin it (\`FELIX_IPTABLESBACKEND\`).`,
  source: 'https://docs.k3s.io/known-issues',
  check: (context) => {
    const seen = observe(context, 'firewall', ({ chains, iptables }) => {
      const rules = (backend: string): number =>
        chains
          .filter((chain) => chain.backend === backend && chain.family !== 'bridge')
          .reduce((sum, chain) => sum + chain.rules, 0);
      const [nft, legacy] = [rules('nft'), rules('legacy')];
      return nft > 0 && legacy > 0
        ? {
            text: `${nft} rules in nft, ${legacy} in legacy; iptables on the path uses ${iptables.backend}`,
            at: 'chains',
          }
        : undefined;
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} rules in both iptables back ends`,
      cause: 'Two programs with different iptables wrote rules, or the host was upgraded across the change.',
      fix: manual('find out what the old ones are for: iptables-legacy-save; then remove them or reboot'),
    }));
  },
});
