import type { AssembleInput } from '../../plan/assemble.js';
import type { Cluster } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import type { ClusterTools } from './tools.js';

/** What every plan of a cluster is bound to. */
export const bindingOf = (
  cluster: Cluster,
  world: World,
  tools: ClusterTools,
): Pick<AssembleInput, 'tool' | 'realm' | 'cluster' | 'createdAt' | 'specHash' | 'world'> => ({
  tool: tools.tool,
  realm: tools.realm,
  cluster: { name: cluster.name, ...(world.cluster === undefined ? {} : { uid: world.cluster.uid }) },
  createdAt: new Date(tools.clock.now()).toISOString(),
  specHash: cluster.hash,
  world,
});
