import type { Signs } from '../driver.js';

export const ciliumSigns: Signs = {
  config: /cilium/,
  agents: /^[^/]+\/cilium$/,
  annotations: /^(network|io)\.cilium\.io\/|^io\.cilium\./,
  definitions: /\.cilium\.io$/,
};
