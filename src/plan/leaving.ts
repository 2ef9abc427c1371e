import type { NodeFacts } from '../facts/cluster/cluster-facts.js';
import { conditionOf } from '../facts/cluster/node-facts.js';
import type { HostFacts } from '../facts/model/host-facts.js';
import { type Cluster, isMember } from '../spec/cluster.js';
import { DRAIN_SECONDS, k3sDrain } from '../steps/k3s/drain.js';
import { k3sRemoveNode } from '../steps/k3s/remove-node.js';
import { k3sUninstall } from '../steps/k3s/uninstall.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

/**
 * A node that leaves. orderly = its host runs K3s and takes leave; lost = its host is gone, or was made anew and is
 * empty; unclear = the node is Ready, but nobody can log in to its host.
 */
export interface Leaving {
  readonly node: string;
  readonly uid: string;
  readonly address: string;
  readonly server: boolean;
  readonly way: 'orderly' | 'lost' | 'unclear';
}

type Found = 'k3s' | 'empty' | 'unseen';

const foundOn = (facts: HostFacts | undefined): Found => {
  const kubernetes = facts?.sections.kubernetes?.value;
  if (kubernetes === undefined) return 'unseen';
  return kubernetes.installs.length > 0 || kubernetes.remains.length > 0 ? 'k3s' : 'empty';
};

const wayOf = (node: NodeFacts, found: Found, member: boolean): Leaving['way'] | 'stays' => {
  if (found === 'empty') return 'lost';
  if (member) return 'stays';
  if (found === 'k3s') return 'orderly';
  return conditionOf(node, 'Ready') === 'True' ? 'unclear' : 'lost';
};

/** Nodes of the cluster that the spec does not have any more, and those whose host was replaced by an empty one. */
export const leavingOf = (cluster: Cluster, world: World): Leaving[] => {
  const members = new Set(cluster.hosts.filter(isMember).map(({ name }) => name));
  return (world.cluster?.nodes ?? []).flatMap((node) => {
    const way = wayOf(node, foundOn(world.hosts.get(node.name)), members.has(node.name));
    const { name, uid, address = name, etcd } = node;
    return way === 'stays' ? [] : [{ node: name, uid, address, server: etcd !== undefined, way }];
  });
};

const removal = ({ node, uid, server, address }: Leaving, after: readonly string[]): Goal => ({
  id: goalId(k3sRemoveNode, node),
  step: k3sRemoveNode,
  params: { node, uid, server, address },
  host: node,
  hosts: [node],
  after,
});

const orderly = (leaving: Leaving, joined: readonly string[]): Goal[] => {
  const { node, address } = leaving;
  const drain = goalId(k3sDrain, node);
  const common = { host: node, hosts: [node] };
  const limits = { node, limitSeconds: DRAIN_SECONDS };
  return [
    { ...common, id: drain, step: k3sDrain, params: limits, after: joined },
    {
      ...common,
      id: goalId(k3sUninstall, node),
      step: k3sUninstall,
      params: { node, address },
      after: [drain],
    },
    removal(leaving, [goalId(k3sUninstall, node)]),
  ];
};

/**
 * Goals of nodes that leave. A lost member of etcd goes before anybody joins, because it counts against the quorum;
 * others go last, when their pods have somewhere to go.
 * @param joined goals after which every host that stays is in the cluster
 */
export const leavingGoals = (leaving: readonly Leaving[], joined: readonly string[]): Goal[] =>
  leaving.flatMap((each) => (each.way === 'lost' ? [removal(each, [])] : orderly(each, joined)));
