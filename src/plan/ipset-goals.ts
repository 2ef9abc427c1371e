import { CALICO_HASH_IP, calicoStops } from '../diagnosis/ipset.js';
import { type Cluster, isMember } from '../spec/cluster.js';
import { cniIpsetSwap } from '../steps/cni/ipset-swap.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

/** Steps that a stage may take for it when it is planned later. */
export const ipsetSteps = (cluster: Cluster): readonly string[] =>
  calicoStops(cluster) ? [cniIpsetSwap.id] : [];

/**
 * Hosts on which the Calico of the spec would stop on its own ipsets: they are swapped after K3s has its settings, by
 * which it writes them no more. A Calico that makes such sets anew needs none of it.
 */
export const ipsetGoals = (
  cluster: Cluster,
  world: World,
  after: (host: string) => readonly string[],
): readonly Goal[] => {
  if (!calicoStops(cluster)) return [];
  const params = { reads: CALICO_HASH_IP };
  return cluster.hosts.filter(isMember).flatMap(({ name }): Goal[] => {
    const state = cniIpsetSwap.observe(world, { host: name, hosts: [name] }, params);
    if (state === undefined || state.newer.length === 0) return [];
    return [
      {
        id: goalId(cniIpsetSwap, name),
        step: cniIpsetSwap,
        params,
        host: name,
        hosts: [name],
        after: after(name),
      },
    ];
  });
};
