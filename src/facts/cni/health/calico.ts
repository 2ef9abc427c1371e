import type { HealthGap } from '../driver.js';

export const calicoHealth: readonly HealthGap[] = [
  {
    says: 'Felix answers ready and live (200)',
    hides:
      'a kernel without IPIP: tunl0 and all routes between nodes are missing while its log repeats "operation not supported"',
  },
  {
    says: 'calico-node is Running',
    hides:
      'an IPPool with IPIP under calico_backend none or vxlan: tunl0 is there, routes between nodes are not',
  },
];
