import { defineFault } from './fault.js';

export const mtuDiffers = defineFault({
  id: 'mtu-differs',
  place: 'host',
  title: 'One host has a smaller MTU than the others',
  simulates: 'A machine of another generation, or a network card set by hand.',
  codes: ['mtu-differs'],
  targets: 'agent',
  inject: () => 'ip link set dev host0 mtu 1400',
  heal: (target) => `
ip link set dev host0 mtu ${target.plan.network === 'routed' ? 1450 : 1500}
`,
  check: () => `
ip link show host0 | grep -q 'mtu 1400 '
`,
});
