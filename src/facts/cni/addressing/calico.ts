import type { Addressing } from '../driver.js';

/** Blocks are taken pseudo-randomly out of the pool, wherever other networks' leases lie. */
export const calicoAddressing: Addressing = {
  kind: 'pool',
  usual: '192.168.0.0/16',
  block: 26,
  leaks: 'IPAMBlock and IPAMHandle objects of pods that another network’s plugin deleted',
};
