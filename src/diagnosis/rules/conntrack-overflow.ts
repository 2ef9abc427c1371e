import { step } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const conntrackOverflow = kernelMessageRule({
  code: 'conntrack-overflow',
  title: 'The connection table has overflowed',
  severity: 'warning',
  pattern: /nf_conntrack.*table full/i,
  says: 'has dropped packets because the connection table was full',
  cause: 'More connections than nf_conntrack_max were open at once.',
  fix: step('host.sysctls', 'sysctl -w net.netfilter.nf_conntrack_max=262144, and keep it in /etc/sysctl.d'),
  explain: `"nf_conntrack: table full, dropping packet" means that new connections failed at random at that time. It shows as DNS errors and sporadic time-outs.`,
});
