import { type Cluster, isMember } from '../spec/cluster.js';
import { cniControl } from '../steps/cni/control.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

/** Patience with pods that must go and come back. */
const LIMIT_SECONDS = 300;

/**
 * The control of a change of network, to come before everything else of it: on the last agent, or the last server where there
 * is none. Undefined when the spec asks for none.
 */
export const controlGoal = (cluster: Cluster, { cluster: facts }: World): Goal | undefined => {
  if (!cluster.spec.network.change.control) return undefined;
  const living = new Set(facts?.nodes.map(({ name }) => name));
  const nodes = cluster.hosts
    .filter((host) => isMember(host) && living.has(host.name))
    .toSorted(
      (a, b) => Number(a.role === 'agent') - Number(b.role === 'agent') || (a.name < b.name ? -1 : 1),
    );
  const node = nodes.at(-1)?.name;
  if (node === undefined) return undefined;
  return {
    id: goalId(cniControl, node),
    step: cniControl,
    params: { node, limitSeconds: LIMIT_SECONDS },
    host: node,
    hosts: [node],
    after: [],
  };
};
