import type { NetworkChange, Way, WayId } from '../../diagnosis/change/way.js';
import type { Cluster } from '../../spec/cluster.js';
import { recipes } from '../../steps/cni/recipes.js';
import type { World } from '../../steps/step.js';
import { situationOf } from './situation.js';

/** The way that a plan goes from the network that runs to the asked one; undefined = it goes none. Pure. */
export const chosenWay = (cluster: Cluster, world: World): WayId | undefined => {
  const situation = situationOf(cluster, world);
  const flannel = 'asked' in situation && situation.asked?.driver === 'flannel-k3s';
  if (situation.kind === 'mode') return flannel ? 'backend' : 'mode';
  if (situation.kind === 'installer') return 'take-over';
  if (situation.kind !== 'other') return undefined;
  // Of a network without a recipe nobody knows how to keep it until its nodes have moved.
  return flannel && recipes[situation.from.driver] === undefined
    ? undefined
    : cluster.spec.network.change.way;
};

/** The chosen way, when facts forbid it. */
export const forbiddenWay = ({ chosen, ways }: NetworkChange): Way | undefined =>
  ways.find(({ id, forbidden }) => id === chosen && forbidden.length > 0);
