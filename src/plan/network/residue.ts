import { driverOf } from '../../facts/cni/drivers.js';
import { isMember } from '../../spec/cluster.js';
import { cniClean } from '../../steps/cni/clean.js';
import { cniCleanObjects } from '../../steps/cni/clean-objects.js';
import { type Goal, goalId, type StageGoal } from '../goal.js';
import type { MembersInput } from './k3s-members.js';
import type { Asked } from './situation.js';

export const RESIDUE = 'residue';

/** The asked network alone keeps what it has, on every member and in the cluster. */
export const residueGoals = ({ cluster }: Pick<MembersInput, 'cluster'>, asked: Asked): readonly Goal[] => {
  const params = { kept: [{ driver: asked.driver, mode: asked.mode }] };
  const members = cluster.hosts.filter(isMember);
  const hosts = members.map(
    ({ name }): Goal => ({
      id: goalId(cniClean, name),
      step: cniClean,
      params,
      host: name,
      hosts: [name],
      after: [],
    }),
  );
  const objects: Goal = {
    id: goalId(cniCleanObjects, cluster.name),
    step: cniCleanObjects,
    params,
    hosts: members.filter(({ role }) => role === 'server').map(({ name }) => name),
    after: hosts.map(({ id }) => id),
  };
  return [...hosts, objects];
};

/**
 * What the former network leaves goes last. What that is nobody can say before: as long as packets go that way it is no
 * residue. So the stage is planned when it starts.
 */
export const residueStage = (input: Pick<MembersInput, 'cluster'>, asked: Asked): StageGoal => {
  const { cluster } = input;
  const members = cluster.hosts.filter(isMember).map(({ name }) => name);
  return {
    name: RESIDUE,
    goal: `no trace of cluster networks but ${driverOf(asked.driver).title} by ${asked.mode}`,
    goals: [],
    envelope: {
      steps: [cniClean.id, cniCleanObjects.id],
      hosts: members,
      highestRisk: 'medium',
      irreversible: false,
    },
  };
};
