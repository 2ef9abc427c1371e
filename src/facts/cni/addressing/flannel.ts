import type { Addressing } from '../driver.js';

/** host-local hands out addresses of the node's own range. */
export const flannelAddressing: Addressing = {
  kind: 'node-range',
  usual: '10.42.0.0/16',
  block: 24,
  leaks: '/var/lib/cni/networks/cbr0 on each host: 2–4 leases per node after a change to another network',
};
