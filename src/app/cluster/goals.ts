import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { StageGoal } from '../../plan/goal.js';
import { hostGoals } from '../../plan/host-goals.js';
import { foundingOf, type K3sGoalsInput, k3sGoals } from '../../plan/k3s-goals.js';
import { type Cluster, type ClusterHost, isMember } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';

const serversUnseen = (hosts: readonly string[]): DroverError => ({
  code: 'plan-servers-unseen',
  message: `${sentence(hosts)} could not be observed, so it is not known whether a cluster lives there`,
  state: 'nothing was changed',
  hint: 'make them reachable, or take them out of the spec if they are gone for ever',
});

const servers = (hosts: readonly ClusterHost[]): ClusterHost[] =>
  hosts.filter(({ role }) => role === 'server');

/** Everything that shall hold for a K3s cluster, from the preparation of hosts to the last agent. */
export const clusterGoals = (
  cluster: Cluster,
  world: World,
  artifacts: Pick<K3sGoalsInput, 'binary' | 'archives'>,
): Result<readonly StageGoal[], DroverError> => {
  const members = cluster.hosts.filter(isMember);
  const founding = foundingOf(servers(members), world);
  if (founding.kind === 'unknown') return err(serversUnseen(founding.hosts));
  const preparation = members.map((host) => ({ host, goals: hostGoals(cluster, host) }));
  const prepared = new Map(preparation.map(({ host, goals }) => [host.name, goals.map(({ id }) => id)]));
  const k3s = k3sGoals({
    cluster,
    world,
    ...artifacts,
    founding,
    prepared: (host) => prepared.get(host) ?? [],
  });
  const goals = [...preparation.flatMap((each) => each.goals), ...k3s];
  return ok([
    {
      name: 'build',
      goal: `a K3s cluster of ${servers(members).length} servers and ${members.length - servers(members).length} agents`,
      goals,
    },
  ]);
};
