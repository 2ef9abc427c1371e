import type { Cluster } from '../spec/cluster.js';
import type { FirewallRule, LabPlan } from './state/schema.js';

/** What the spec says about its lab, with defaults filled in. */
export interface LabSettings {
  readonly network: LabPlan['network'];
  readonly resolvers: readonly string[];
  readonly firewall?: readonly FirewallRule[];
  /** External hosts that the lab makes too. */
  readonly external: readonly string[];
}

/** Public resolvers that many providers' images are set to; in a lab, the lab answers at these addresses. */
const DEFAULT_RESOLVERS = ['1.1.1.1', '8.8.8.8'];

export const labSettings = ({ spec }: Cluster): LabSettings => ({
  network: spec.lab.network,
  resolvers:
    spec.preparation.resolvers?.servers.filter((address) => !address.includes(':')) ?? DEFAULT_RESOLVERS,
  ...(spec.lab.firewall === undefined ? {} : { firewall: spec.lab.firewall.rules }),
  external: spec.lab.external,
});
