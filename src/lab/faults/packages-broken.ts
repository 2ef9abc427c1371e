import { defineFault } from './fault.js';

export const packagesBroken = defineFault({
  id: 'packages-broken',
  place: 'host',
  title: 'An interrupted installation left a package half configured',
  simulates: 'A reboot in the middle of an upgrade: every further installation fails.',
  codes: ['packages-broken'],
  targets: 'agent',
  inject: () => `
save /var/lib/dpkg/status
sed -i '/^Package: socat$/,/^$/s/^Status: .*/Status: install ok half-configured/' /var/lib/dpkg/status
`,
  heal: () => 'restore /var/lib/dpkg/status',
  check: () => 'dpkg --audit | grep -q socat',
});
