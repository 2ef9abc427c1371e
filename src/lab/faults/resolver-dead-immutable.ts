import { defineFault } from './fault.js';

export const resolverDeadImmutable = defineFault({
  id: 'resolver-dead-immutable',
  place: 'host',
  title: '/etc/resolv.conf is immutable and names dead servers',
  simulates:
    'A workaround of last year (chattr +i) whose servers have gone: nothing resolves and nothing can repair the file.',
  codes: ['resolver-immutable'],
  targets: 'agent',
  inject: () => `
chattr -i /etc/resolv.conf 2>/dev/null || true
save /etc/resolv.conf
printf 'nameserver 192.0.2.53\\nnameserver 192.0.2.54\\n' >/etc/resolv.conf
chattr +i /etc/resolv.conf
`,
  heal: () => `
chattr -i /etc/resolv.conf 2>/dev/null || true
restore /etc/resolv.conf
`,
  check: () => `
grep -q 192.0.2.53 /etc/resolv.conf && lsattr /etc/resolv.conf | cut -d' ' -f1 | grep -q i
`,
});
