import { ownerOfAnnotation, ownerOfDefinition } from '../facts/cni/cluster-signs.js';
import { driverOf } from '../facts/cni/drivers.js';
import { judgesPolicies, type NetworksInUse, networksInUse } from '../facts/cni/in-use.js';
import { type Cluster, isMember } from '../spec/cluster.js';
import { cniClean } from '../steps/cni/clean.js';
import { cniCleanObjects } from '../steps/cni/clean-objects.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId, type StageGoal } from './goal.js';

/** What the members of a cluster use, as the world shows it. */
export const inUseBy = (cluster: Cluster, world: World): NetworksInUse => {
  const hosts = cluster.hosts.filter(isMember).flatMap(({ name }) => world.hosts.get(name) ?? []);
  const { used, unseen } = networksInUse(hosts, world.cluster);
  const missing = cluster.hosts.filter(isMember).filter(({ name }) => !world.hosts.has(name));
  return { used, unseen: [...unseen, ...missing.map(({ name }) => name)] };
};

const titleOf = ({ used }: NetworksInUse): string =>
  used.length === 0
    ? 'no trace of any cluster network: none is in use'
    : `no trace of cluster networks but ${used.map(({ driver }) => driverOf(driver).title).join(' and ')}`;

const hasObjects = ({ cluster }: World): boolean =>
  cluster !== undefined &&
  ((cluster.networkDefinitions ?? []).some((name) => ownerOfDefinition(name) !== undefined) ||
    cluster.nodes.some(({ networkAnnotations = [] }) =>
      networkAnnotations.some((key) => ownerOfAnnotation(key)),
    ));

/** Every member without a trace of networks that no member uses, then the cluster without their objects. */
export const cleanGoals = (cluster: Cluster, world: World): StageGoal => {
  const inUse = inUseBy(cluster, world);
  const kept = inUse.used.map(({ driver, mode }) => ({ driver, mode: mode ?? null }));
  const members = cluster.hosts.filter(isMember);
  const policies = judgesPolicies(members.flatMap(({ name }) => world.hosts.get(name) ?? []));
  const hosts = members.map(
    ({ name }): Goal => ({
      id: goalId(cniClean, name),
      step: cniClean,
      params: { kept, policies },
      host: name,
      hosts: [name],
      after: [],
    }),
  );
  const servers = members.filter(({ role }) => role === 'server').map(({ name }) => name);
  const objects: Goal = {
    id: goalId(cniCleanObjects, cluster.name),
    step: cniCleanObjects,
    params: { kept },
    hosts: servers,
    after: hosts.map(({ id }) => id),
  };
  return { name: 'clean', goal: titleOf(inUse), goals: hasObjects(world) ? [...hosts, objects] : hosts };
};
