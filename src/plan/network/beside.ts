import { type Cluster, isMember } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import type { Goal } from '../goal.js';
import { carriageGoals } from '../host-goals.js';
import { keepNetwork } from '../keep-network.js';
import { situationOf } from './situation.js';

type Network = Cluster['spec']['network'];

/** Networks whose packets hosts carry besides those of the one that the spec asks for, until the change to that has ended. */
export const networksBeside = (cluster: Cluster, world: World): readonly Network[] => {
  const { kind } = situationOf(cluster, world);
  return kind === 'other' || kind === 'mode' ? [keepNetwork(cluster, world).spec.network] : [];
};

const goals = (cluster: Cluster, world: World, also: readonly Network[], place: Place): readonly Goal[] =>
  cluster.hosts
    .filter(isMember)
    .flatMap((host) => carriageGoals(cluster, host, { also, facts: world.hosts.get(host.name), ...place }));

interface Place {
  readonly mark: string;
  readonly after: readonly string[];
}

/** Before another network comes up, hosts let its packets in, and those of the network that runs. */
export const openGoals = (cluster: Cluster, world: World, after: readonly string[]): readonly Goal[] =>
  goals(cluster, world, networksBeside(cluster, world), { mark: 'both', after });

/** Behind everything else: what only the former network needed is closed. */
export const closeGoals = (cluster: Cluster, world: World, after: readonly string[]): readonly Goal[] =>
  goals(cluster, world, [], { mark: 'alone', after });
