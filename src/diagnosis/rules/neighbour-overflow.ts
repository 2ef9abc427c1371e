import { step } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const neighbourOverflow = kernelMessageRule({
  code: 'neighbour-overflow',
  title: 'The neighbour table has overflowed',
  severity: 'warning',
  pattern: /neighbour: .*table overflow/i,
  says: 'has lost neighbours because their table was full',
  cause:
    'More hosts and pods are on the local segments than net.ipv4.neigh.default.gc_thresh3 allows (1024).',
  fix: step(
    'host.sysctls',
    'sysctl -w net.ipv4.neigh.default.gc_thresh1=4096 net.ipv4.neigh.default.gc_thresh2=8192 net.ipv4.neigh.default.gc_thresh3=16384',
  ),
  explain: `"neighbour: arp_cache: neighbor table overflow!" means that the kernel threw away addresses it still needed. New connections fail at random with "No buffer space available". Large clusters with flat
networks reach the default of 1024 entries.`,
});
