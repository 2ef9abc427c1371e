import type { Signs } from '../driver.js';

export const labSigns: Signs = {
  config: /labnet/,
  agents: /^lab-network\/labnet$/,
  annotations: /^labnet\.drover\.dev\//,
};
