import { defineFault } from './fault.js';

export const duplicateMachineId = defineFault({
  id: 'duplicate-machine-id',
  place: 'host',
  title: 'Two hosts have one machine-id',
  simulates:
    'Virtual machines cloned from an image that was booted before: DHCP leases, logs and some cluster networks mix them up.',
  codes: ['duplicate-machine-id'],
  targets: 'two',
  inject: () => `
save /etc/machine-id
rm -f /etc/machine-id
echo 5d3c1c1f0b7f4f0e9a5a3c2b1d0e9f8a >/etc/machine-id
`,
  heal: () => 'restore /etc/machine-id',
  check: () => 'grep -q 5d3c1c1f0b7f4f0e9a5a3c2b1d0e9f8a /etc/machine-id',
});
