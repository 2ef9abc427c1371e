import type { Encapsulation } from '../driver.js';

/** Source: Cilium's documentation of routing. Its VXLAN uses Flannel's port. */
export const ciliumEncapsulations: readonly Encapsulation[] = [
  {
    mode: 'tunnel',
    title: 'Cilium tunnel (VXLAN)',
    module: 'vxlan',
    udp: 8472,
    tcp: [4240, 4244],
    overhead: 50,
    bare: false,
    device: 'cilium_vxlan',
  },
  { mode: 'native', title: 'Cilium native routing', tcp: [4240, 4244], overhead: 0, bare: true },
];
