import type { NetworkChange, Way, WayId } from '../../diagnosis/change/way.js';
import type { Cluster } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import { situationOf } from './situation.js';

/** The way that a plan goes from the network that runs to the asked one; undefined = it goes none. Pure. */
export const chosenWay = (cluster: Cluster, world: World): WayId | undefined => {
  const situation = situationOf(cluster, world);
  const flannel = 'asked' in situation && situation.asked?.driver === 'flannel-k3s';
  if (situation.kind === 'mode') return flannel ? 'backend' : undefined;
  return situation.kind === 'other' && !flannel ? cluster.spec.network.change.way : undefined;
};

/** The chosen way, when facts forbid it. */
export const forbiddenWay = ({ chosen, ways }: NetworkChange): Way | undefined =>
  ways.find(({ id, forbidden }) => id === chosen && forbidden.length > 0);
