import { defineFault } from './fault.js';

export const swapAtBoot = defineFault({
  id: 'swap-at-boot',
  place: 'host',
  title: 'Swap is off, and comes back at the next boot',
  simulates: '`swapoff -a` without touching fstab: the kubelet refuses to start after the next reboot.',
  codes: ['swap-at-boot'],
  targets: 'agent',
  inject: () => `
save /etc/fstab
grep -q '/swapfile' /etc/fstab 2>/dev/null || echo '/swapfile none swap sw 0 0' >>/etc/fstab
`,
  heal: () => 'restore /etc/fstab',
  check: () => `
grep -q '^/swapfile' /etc/fstab
`,
});
