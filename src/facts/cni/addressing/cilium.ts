import type { Addressing } from '../driver.js';

/** cluster-pool: the range that its installer takes, 10.0.0.0/8, holds most private node networks. */
export const ciliumAddressing: Addressing = {
  kind: 'pool',
  usual: '10.0.0.0/8',
  block: 24,
  leaks: 'CiliumEndpoint objects of pods that another network’s plugin deleted',
};
