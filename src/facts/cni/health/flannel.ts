import type { HealthGap } from '../driver.js';

export const flannelHealth: readonly HealthGap[] = [
  {
    says: 'nodes are Ready and pods Running',
    hides: 'UDP 8472 that is dropped on the way, and a flannel.1 whose MAC address another program changed',
  },
];
