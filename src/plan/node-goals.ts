import type { NodeFacts } from '../facts/cluster/cluster-facts.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { k3sNode } from '../steps/k3s/node.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

const PURPOSE = 'drover.dev/purpose';

const ownsSomething = (node: NodeFacts | undefined): boolean =>
  node !== undefined && node.owned.labels.length + node.owned.taints.length > 0;

const labelsOf = ({ labels, purpose }: ClusterHost): Record<string, string> => ({
  ...labels,
  ...(purpose === undefined ? {} : { [PURPOSE]: purpose }),
});

/**
 * Labels and taints of nodes whose hosts have some in the spec, or had some.
 * @param joined the goal after which a host's node is in the cluster
 */
export const nodeGoals = (cluster: Cluster, world: World, joined: (host: ClusterHost) => string): Goal[] =>
  cluster.hosts.filter(isMember).flatMap((host) => {
    const labels = labelsOf(host);
    const taints = host.taints.map(({ key, value = '', effect }) => ({ key, value, effect }));
    const node = world.cluster?.nodes.find(({ name }) => name === host.name);
    if (Object.keys(labels).length + taints.length === 0 && !ownsSomething(node)) return [];
    const params = { node: host.name, labels, taints };
    const place = { host: host.name, hosts: [host.name], after: [joined(host)] };
    return [{ ...place, id: goalId(k3sNode, host.name), step: k3sNode, params }];
  });
