import { defineFault } from './fault.js';

export const hostsFileStale = defineFault({
  id: 'hosts-file-stale',
  place: 'host',
  title: '/etc/hosts gives another host a wrong address',
  simulates: 'A line left from an earlier address: one machine talks to the wrong peer, the others are fine.',
  codes: ['hosts-file-stale'],
  targets: 'agent',
  inject: (target) => `
save /etc/hosts
grep -q 'left by the migration' /etc/hosts || echo '10.99.99.99 ${target.others[0]?.name ?? 'old-host'} # left by the migration' >>/etc/hosts
`,
  heal: () => 'restore /etc/hosts',
  check: () => `
grep -q 'left by the migration' /etc/hosts
`,
});
