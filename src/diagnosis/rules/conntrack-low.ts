import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const conntrackLow = defineRule({
  code: 'conntrack-low',
  title: 'The connection table is small',
  severity: 'warning',
  reads: ['limits'],
  explain: `Every connection of every pod takes an entry of \`nf_conntrack\`. kube-proxy raises the limit to at least 131072 at start, but a sysctl file that runs later, or a
container without the right to, keeps it low. When the table is full, new connections are dropped at random.`,
  check: (context) => {
    const seen = observe(context, 'limits', ({ conntrackMax }) =>
      conntrackMax !== undefined && conntrackMax < 32768
        ? { text: `nf_conntrack_max ${conntrackMax}`, at: 'conntrackMax' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The connection table of ${where(seen)} holds fewer than 32768 entries`,
      cause: 'The limit was set by hand, or the machine has very little memory.',
      fix: step(
        'host.sysctls',
        'sysctl -w net.netfilter.nf_conntrack_max=262144, and keep it in /etc/sysctl.d',
      ),
    }));
  },
});
