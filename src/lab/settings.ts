import type { Cluster } from '../spec/cluster.js';
import type { FirewallRule, LabPlan } from './state/schema.js';

/** What the spec says about its lab, with defaults filled in. */
export interface LabSettings {
  readonly network: LabPlan['network'];
  readonly resolvers: readonly string[];
  readonly firewall?: readonly FirewallRule[];
}

/** Public resolvers that many providers' images are set to; in a lab, the lab answers at these addresses. */
const DEFAULT_RESOLVERS = ['1.1.1.1', '8.8.8.8'];

export const labSettings = (_cluster: Cluster): LabSettings => ({
  network: 'switched',
  resolvers: DEFAULT_RESOLVERS,
});
