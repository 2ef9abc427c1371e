import type { Encapsulation } from '../driver.js';

/** The same port as Calico's VXLAN, so that it lives beside Flannel's. */
export const labEncapsulations: readonly Encapsulation[] = [
  {
    mode: 'vxlan',
    title: 'Lab network VXLAN',
    module: 'vxlan',
    udp: 4789,
    overhead: 50,
    bare: false,
    device: 'labnet.1',
  },
];
