import type { HealthGap } from '../driver.js';

export const ciliumHealth: readonly HealthGap[] = [
  {
    says: 'cilium status is OK',
    hides:
      'ClusterIPs that still go through rules of a kube-proxy that was switched off: they break when endpoints change',
  },
];
