import type { Encapsulation } from '../driver.js';

/** Source: Flannel's documentation of backends; overheads are constants of its code. */
export const flannelEncapsulations: readonly Encapsulation[] = [
  {
    mode: 'vxlan',
    title: 'Flannel VXLAN',
    module: 'vxlan',
    udp: 8472,
    overhead: 50,
    bare: false,
    device: 'flannel.1',
  },
  { mode: 'host-gw', title: 'Flannel host-gw', overhead: 0, bare: true },
  {
    mode: 'wireguard',
    title: 'Flannel WireGuard',
    module: 'wireguard',
    udp: 51820,
    overhead: 80,
    bare: false,
    device: 'flannel-wg',
  },
];
