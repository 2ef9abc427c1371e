import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const conntrackFull = defineRule({
  code: 'conntrack-full',
  title: 'The connection table is nearly full',
  severity: 'error',
  reads: ['limits'],
  explain: `More than nine tenths of \`nf_conntrack\` are in use. Beyond the limit the kernel drops packets of new connections and logs "nf_conntrack: table full, dropping packet":
failures that come and go with the load, of DNS first. Raise the limit, then look for who opens so many connections (\`conntrack -L | head\`).`,
  check: (context) => {
    const seen = observe(context, 'limits', ({ conntrackMax, conntrackCount }) =>
      conntrackMax !== undefined &&
      conntrackCount !== undefined &&
      conntrackMax > 0 &&
      conntrackCount > conntrackMax * 0.9
        ? { text: `${conntrackCount} of ${conntrackMax} entries in use`, at: 'conntrackCount' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The connection table of ${where(seen)} is nearly full`,
      cause: 'Too many connections for the limit, or entries that live too long.',
      fix: step(
        'host.sysctls',
        'double it now: sysctl -w net.netfilter.nf_conntrack_max=$((2*$(sysctl -n net.netfilter.nf_conntrack_max)))',
      ),
    }));
  },
});
