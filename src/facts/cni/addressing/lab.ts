import type { Addressing } from '../driver.js';

/** Each node claims a block, the first that is free; host-local hands out its addresses. */
export const labAddressing: Addressing = {
  kind: 'pool',
  usual: '10.42.0.0/16',
  block: 24,
  leaks: '/var/lib/cni/networks/labnet on each host: leases of pods that another network’s plugin deleted',
};
