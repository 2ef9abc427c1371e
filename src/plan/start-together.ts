import type { HostFacts } from '../facts/model/host-facts.js';
import type { ClusterHost } from '../spec/cluster.js';
import { k3sServer } from '../steps/k3s/service.js';
import type { Service } from '../steps/k3s/start.js';
import { k3sStartTogether } from '../steps/k3s/start-together.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

const serverOn = (facts: HostFacts | undefined) =>
  facts?.sections.kubernetes?.value?.installs.find(
    ({ kind, role, datastore }) => kind === 'k3s' && role === 'server' && datastore === 'etcd',
  );

export interface Together {
  /** The goal that starts servers at once; none where that is not needed. */
  readonly first: readonly Goal[];
  /** A goal of the build, put behind it where it starts a server. */
  readonly behind: (goal: Goal) => Goal;
}

/**
 * Where no API answers and several servers have etcd's data, but some of them stand still, they are started at once:
 * etcd has no quorum, so none would become ready alone. What is to be installed on them comes before.
 * @param goals of the servers, each with its own start
 */
export const startTogether = (
  servers: readonly ClusterHost[],
  goals: readonly Goal[],
  world: World,
): Together => {
  const members = servers.filter(({ name }) => serverOn(world.hosts.get(name)) !== undefined);
  const standing = members.filter(({ name }) => serverOn(world.hosts.get(name))?.active !== 'active');
  if (world.cluster !== undefined || members.length < 2 || standing.length === 0)
    return { first: [], behind: (goal) => goal };
  const ids = new Set(servers.map(({ name }) => goalId(k3sServer, name)));
  const starts = goals.filter(({ id }) => members.some(({ name }) => id === goalId(k3sServer, name)));
  const goal: Goal = {
    id: goalId(k3sStartTogether, 'servers'),
    step: k3sStartTogether,
    params: { servers: starts.map(({ params }) => params as Service) },
    hosts: members.map(({ name }) => name),
    after: starts.flatMap(({ after }) => after.filter((id) => !ids.has(id))),
  };
  return {
    first: [goal],
    behind: (each) => (ids.has(each.id) ? { ...each, after: [...each.after, goal.id] } : each),
  };
};
