import type { HealthGap } from '../driver.js';

export const labHealth: readonly HealthGap[] = [
  {
    says: 'labnet is ready on every node',
    hides:
      'packets larger than what the path carries: its agents ask each other with small ones through the tunnel',
  },
];
