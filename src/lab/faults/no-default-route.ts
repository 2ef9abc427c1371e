import { defineFault } from './fault.js';

export const noDefaultRoute = defineFault({
  id: 'no-default-route',
  place: 'host',
  title: 'A host has no default route',
  simulates: 'A route that was deleted by hand or lost in a migration: images cannot be pulled.',
  codes: ['no-default-route'],
  targets: 'agent',
  inject: () => 'ip route flush default',
  heal: () => `
networkctl reconfigure host0
i=0
until ip route show default | grep -q 'dev host0'; do i=$((i + 1)); [ "$i" -lt 100 ]; sleep 0.05; done
`,
  check: () => '! ip route show default | grep -q .',
});
