import type { HealthGap } from '../driver.js';

export const flannelHealth: readonly HealthGap[] = [
  {
    says: 'kube-flannel-ds is ready on every node',
    hides:
      'flannel.1 or its routes that are gone: its agents have no probe at all, and are ready while they run',
  },
  {
    says: 'nodes are Ready and pods Running',
    hides: 'UDP 8472 that is dropped on the way, and a flannel.1 whose MAC address another program changed',
  },
];
