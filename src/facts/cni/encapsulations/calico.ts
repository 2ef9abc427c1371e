import type { Encapsulation } from '../driver.js';

/** Source: Calico's documentation of overlay networking and MTU. IPIP is IPv4 only. Routes without VXLAN come by BGP. */
export const calicoEncapsulations: readonly Encapsulation[] = [
  {
    mode: 'vxlan',
    title: 'Calico VXLAN',
    module: 'vxlan',
    udp: 4789,
    overhead: 50,
    bare: false,
    device: 'vxlan.calico',
  },
  {
    mode: 'ipip',
    title: 'Calico IPIP',
    module: 'ipip',
    protocol: 4,
    tcp: [179],
    overhead: 20,
    bare: false,
    device: 'tunl0',
  },
  { mode: 'none', title: 'Calico without encapsulation', tcp: [179], overhead: 0, bare: true },
];
