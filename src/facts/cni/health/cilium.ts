import type { HealthGap } from '../driver.js';

export const ciliumHealth: readonly HealthGap[] = [
  {
    says: 'its agents are ready on every node',
    hides: 'cilium_vxlan that somebody has deleted: agents make it when they start, and do not look again',
  },
  {
    says: 'cilium status is OK',
    hides:
      'ClusterIPs that still go through rules of a kube-proxy that was switched off: they break when endpoints change',
  },
];
