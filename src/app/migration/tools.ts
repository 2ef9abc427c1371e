import type { BundleTools } from '../bundle/tools.js';
import type { ClusterTools } from '../cluster/tools.js';

/** What carrying objects and running plans need of the outside, for one migration. */
export interface MigrationTools {
  readonly bundle: BundleTools;
  readonly cluster: ClusterTools;
  /** The spec as commands name it. */
  readonly spec: string;
}
