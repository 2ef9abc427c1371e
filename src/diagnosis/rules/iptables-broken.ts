import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const iptablesBroken = defineRule({
  code: 'iptables-broken',
  title: 'This version of iptables duplicates rules',
  severity: 'warning',
  reads: ['firewall'],
  explain: `iptables 1.8.0 to 1.8.4 in nft mode cannot find rules that exist and adds them again on each sync, until the node drowns in rules. K3s brings a working one: \`prefer-bundled-bin: true\`.`,
  source: 'https://docs.k3s.io/known-issues#iptables',
  check: (context) => {
    const seen = observe(context, 'firewall', ({ iptables }) =>
      iptables.backend === 'nft' && /\b1\.8\.[0-4]\b/.test(iptables.version)
        ? { text: `iptables ${iptables.version} (${iptables.backend})`, at: 'iptables' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `iptables on ${where(seen)} is a version that duplicates rules`,
      cause: 'The distribution ships iptables 1.8.0 to 1.8.4 in nft mode.',
      fix: step('k3s.config', 'prefer-bundled-bin: true in /etc/rancher/k3s/config.yaml'),
    }));
  },
});
