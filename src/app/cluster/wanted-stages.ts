import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StageGoal } from '../../plan/goal.js';
import { foundingOf } from '../../plan/k3s-goals.js';
import { keepNetwork } from '../../plan/keep-network.js';
import { networksBeside } from '../../plan/network/beside.js';
import { runningNetwork } from '../../plan/network/running.js';
import { isNetworkStage, laterNetworkStages, networkStages } from '../../plan/network/stages.js';
import { setStages, type WantedSet } from '../../plan/set-stage.js';
import type { Cluster } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import type { Artifacts } from './artifacts.js';
import { clusterGoals, serversUnseen } from './goals.js';

export interface WantedStages {
  readonly cluster: Cluster;
  readonly world: World;
  readonly artifacts: Artifacts;
  /** Object sets that the spec asks for. */
  readonly sets: readonly WantedSet[];
  /** Hosts and K3s stay as they are: the plan is about the cluster network alone. */
  readonly only?: 'network' | undefined;
  /** The network that runs does not carry all packets. */
  readonly broken?: boolean | undefined;
  /** A later stage of a plan that runs; it is planned now. */
  readonly later?: string | undefined;
}

/**
 * What shall hold in the end, stage by stage: the cluster with the network that runs, and behind it the change to the one
 * that the spec asks for.
 */
export const wantedStages = (wanted: WantedStages): Result<readonly StageGoal[], DroverError> => {
  const { cluster, world, artifacts, sets, only, later, broken } = wanted;
  const founding = foundingOf(
    cluster.hosts.filter(({ role }) => role === 'server'),
    world,
  );
  if (founding.kind === 'unknown') return err(serversUnseen(founding.hosts));
  const own = sets.find(({ set }) => set.name === `network/${cluster.spec.network.cni.name}`)?.set;
  const input = { cluster, world, build: { ...artifacts, founding }, set: own, broken, only };
  if (later !== undefined && isNetworkStage(later)) return ok(laterNetworkStages(input));
  const network = networkStages(input);
  if (only === 'network') return ok(network);
  const running = runningNetwork(cluster, world);
  const kept = keepNetwork(cluster, world);
  const built = clusterGoals(kept, world, {
    ...artifacts,
    also: networksBeside(cluster, world).length === 0 ? [] : [cluster.spec.network],
    ...(running === undefined ? {} : { network: running }),
  });
  return built.ok ? ok([...built.value, ...network, ...setStages(sets, world)]) : built;
};
