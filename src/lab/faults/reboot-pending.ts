import { defineFault } from './fault.js';

export const rebootPending = defineFault({
  id: 'reboot-pending',
  place: 'host',
  title: 'A reboot is pending',
  simulates: 'An unattended upgrade installed a kernel: the next reboot comes at a time of its own choosing.',
  codes: ['reboot-pending'],
  targets: 'agent',
  inject: () => `
mkdir -p /run
echo '*** System restart required ***' >/run/reboot-required
echo linux-image-amd64 >/run/reboot-required.pkgs
`,
  heal: () => 'rm -f /run/reboot-required /run/reboot-required.pkgs',
  check: () => '[ -e /run/reboot-required ]',
});
