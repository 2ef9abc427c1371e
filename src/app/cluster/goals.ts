import { parse } from 'yaml';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { balancerGoals } from '../../plan/balancer-goals.js';
import { type Goal, goalId, type StageGoal } from '../../plan/goal.js';
import { type Carries, hostGoals } from '../../plan/host-goals.js';
import { ipsetGoals } from '../../plan/ipset-goals.js';
import { foundingOf, type K3sGoalsInput, k3sGoals } from '../../plan/k3s-goals.js';
import { k3sGuards } from '../../plan/k3s-guards.js';
import { leavingGoals, leavingOf } from '../../plan/leaving.js';
import { nodeGoals } from '../../plan/node-goals.js';
import { ownSettings } from '../../plan/own-settings.js';
import { type Cluster, type ClusterHost, isMember } from '../../spec/cluster.js';
import { k3sBinary } from '../../steps/k3s/binary.js';
import { k3sConfig } from '../../steps/k3s/config.js';
import { k3sRemoveNode } from '../../steps/k3s/remove-node.js';
import { k3sAgent, k3sServer } from '../../steps/k3s/service.js';
import type { K3sSettings } from '../../steps/k3s/settings.js';
import type { Artifact } from '../../steps/operator/artifact.js';
import { operatorFetch } from '../../steps/operator/fetch.js';
import type { World } from '../../steps/step.js';
import { afterServers } from './after-servers.js';

export const serversUnseen = (hosts: readonly string[]): DroverError => ({
  code: 'plan-servers-unseen',
  message: `${sentence(hosts)} could not be observed, so it is not known whether a cluster lives there`,
  state: 'nothing was changed',
  hint: 'make them reachable, or take them out of the spec if they are gone for ever',
});

const cannotLeave = (nodes: readonly string[]): DroverError => ({
  code: 'plan-leaving-unseen',
  message: `${sentence(nodes)} left the spec and is Ready in the cluster, but cannot be logged in to`,
  state: 'nothing was changed',
  hint: 'make it reachable, so that K3s can be removed there, or switch it off for ever',
});

const servers = (hosts: readonly ClusterHost[]): ClusterHost[] =>
  hosts.filter(({ role }) => role === 'server');

/** Settings of the user that Drover can neither keep nor override, by host. */
const ownConflicts = (k3s: readonly Goal[], world: World): string[] =>
  k3s
    .filter(({ step }) => step === k3sConfig)
    .flatMap(({ host = '', params }) => {
      const { settings } = params as { readonly settings: string };
      const wanted = parse(settings) as K3sSettings;
      return ownSettings(world.hosts.get(host), wanted).conflicts.map(
        ({ key, origin, why }) =>
          `${host}: ${key} in ${origin === 'unit' ? 'the arguments of the unit' : origin}: ${why}`,
      );
    });

const ownRefused = (conflicts: readonly string[]): DroverError => ({
  code: 'plan-own-settings',
  message: 'settings of K3s on the hosts contradict what the spec needs',
  cause: conflicts.join('\n'),
  state: 'nothing was changed',
  hint: 'say it in the spec, or take it out there; arguments of the unit belong in /etc/rancher/k3s/config.yaml',
});

/** The program is fetched when some host does not have it yet, and is not there already. */
const fetchGoals = (
  k3s: readonly Goal[],
  world: World,
  { version, arch, sha256, source }: K3sGoalsInput['binary'],
): Goal[] => {
  const wanted = k3s.some(
    ({ step, host = '', hosts, params }) =>
      step === k3sBinary && step.diff(step.observe(world, { host, hosts }, params), params).length > 0,
  );
  if (!wanted || source.kind === 'built') return [];
  const params: Artifact = { version, arch, sha256, source };
  return [{ id: goalId(operatorFetch, arch), step: operatorFetch, params, hosts: [], after: [] }];
};

/** Everything that shall hold for a K3s cluster, from the preparation of hosts to the last agent. */
export const clusterGoals = (
  cluster: Cluster,
  world: World,
  artifacts: Pick<K3sGoalsInput, 'binary' | 'archives' | 'network'> & Pick<Carries, 'also'>,
): Result<readonly StageGoal[], DroverError> => {
  const members = cluster.hosts.filter(isMember);
  const founding = foundingOf(servers(members), world);
  if (founding.kind === 'unknown') return err(serversUnseen(founding.hosts));
  const leaving = leavingOf(cluster, world);
  const unclear = leaving.filter(({ way }) => way === 'unclear').map(({ node }) => node);
  if (unclear.length > 0) return err(cannotLeave(unclear));
  const { also = [], ...k3sInput } = artifacts;
  const preparation = members.map((host) => ({
    host,
    goals: hostGoals(cluster, host, { also, facts: world.hosts.get(host.name) }),
  }));
  const prepared = new Map(preparation.map(({ host, goals }) => [host.name, goals.map(({ id }) => id)]));
  const k3s = k3sGoals({
    cluster,
    world,
    ...k3sInput,
    founding,
    prepared: (host) => prepared.get(host) ?? [],
  });
  const conflicts = ownConflicts(k3s, world);
  if (conflicts.length > 0) return err(ownRefused(conflicts));
  const fetching = fetchGoals(k3s, world, artifacts.binary);
  const joined = k3s.filter(({ step }) => step === k3sServer || step === k3sAgent).map(({ id }) => id);
  const lost = leaving.filter(({ way }) => way === 'lost').map(({ node }) => goalId(k3sRemoveNode, node));
  const built = k3s.map((goal) => {
    if (goal.step === k3sBinary) return { ...goal, after: [...goal.after, ...fetching.map(({ id }) => id)] };
    return joined.includes(goal.id) ? { ...goal, after: [...goal.after, ...lost] } : goal;
  });
  const goals = [
    ...fetching,
    ...balancerGoals(cluster, world),
    ...preparation.flatMap((each) => each.goals),
    ...built,
    ...nodeGoals(cluster, world, ({ name, role }) => goalId(role === 'server' ? k3sServer : k3sAgent, name)),
    ...leavingGoals(leaving, joined),
    ...ipsetGoals(cluster, world, () => joined),
    ...afterServers(cluster, world, k3s),
  ];
  return ok([
    {
      name: 'build',
      goal: `a K3s cluster of ${servers(members).length} servers and ${members.length - servers(members).length} agents`,
      goals,
      guards: k3sGuards(world),
    },
  ]);
};
