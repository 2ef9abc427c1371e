import { driverOf } from '../../facts/cni/drivers.js';
import type { InUse } from '../../facts/cni/in-use.js';
import { type Cluster, isMember } from '../../spec/cluster.js';
import { cniAudit } from '../../steps/cni/audit.js';
import { cniBypass } from '../../steps/cni/bypass.js';
import { cniClean } from '../../steps/cni/clean.js';
import { cniCleanObjects } from '../../steps/cni/clean-objects.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { World } from '../../steps/step.js';
import { type Goal, goalId, type StageGoal } from '../goal.js';
import { CARRIAGE } from '../host-goals.js';
import { setGoneGoal } from '../set-goal.js';
import { closeGoals } from './beside.js';
import type { Asked } from './situation.js';

export const RESIDUE = 'residue';

interface Scene {
  readonly cluster: Cluster;
  readonly world: World;
}

/** Sets of networks that Drover has put there and that nobody asks for any more. */
const formerSets = ({ world }: Scene, asked: Asked): readonly Goal[] =>
  [...(world.sets?.keys() ?? [])]
    .filter((name) => name.startsWith('network/') && name !== `network/${asked.cni}`)
    .sort()
    .map((name) => setGoneGoal(name, []));

/** The asked network alone keeps what it has, on every member and in the cluster, and nothing else is found. */
export const residueGoals = (scene: Scene, asked: Asked): readonly Goal[] => {
  const { cluster } = scene;
  const kept = [{ driver: asked.driver, mode: asked.mode }];
  const params = { kept, policies: askedNetwork(cluster).policies };
  const members = cluster.hosts.filter(isMember).map(({ name }) => name);
  const sets = formerSets(scene, asked);
  const cleaned = members.map(
    (name): Goal => ({
      id: goalId(cniClean, name),
      step: cniClean,
      params,
      host: name,
      hosts: [name],
      after: sets.map(({ id }) => id),
    }),
  );
  const bypass = members.map(
    (name): Goal => ({
      // The same step has put it in: as another action, so that the way back takes both back.
      id: `${goalId(cniBypass, name)}/out`,
      step: cniBypass,
      params: { pods: cluster.spec.network.pods, present: false },
      host: name,
      hosts: [name],
      after: [goalId(cniClean, name)],
    }),
  );
  const after = [...cleaned, ...bypass].map(({ id }) => id);
  const place = { hosts: members, after };
  const objects: Goal = {
    ...place,
    id: goalId(cniCleanObjects, cluster.name),
    step: cniCleanObjects,
    params: { kept },
    hosts: cluster.hosts.filter(({ role }) => role === 'server').map(({ name }) => name),
  };
  const audit: Goal = {
    ...place,
    id: goalId(cniAudit, cluster.name),
    step: cniAudit,
    params,
    after: [...after, objects.id],
  };
  const close = closeGoals(cluster, scene.world, [audit.id]);
  return [...sets, ...cleaned, ...bypass, objects, audit, ...close];
};

/**
 * What the former network leaves goes last. What that is nobody can say before: as long as packets go that way it is no
 * residue. So the stage is planned when it starts.
 */
export const residueStage = ({ cluster }: Pick<Scene, 'cluster'>, asked: Asked, from?: InUse): StageGoal => {
  const owned = from !== undefined && from.driver !== 'flannel-k3s';
  return {
    name: RESIDUE,
    goal: `no trace of cluster networks but ${driverOf(asked.driver).title} by ${asked.mode}`,
    goals: [],
    envelope: {
      steps: [
        ...(owned ? [setsApply.id] : []),
        cniClean.id,
        cniBypass.id,
        cniCleanObjects.id,
        cniAudit.id,
        ...CARRIAGE,
      ],
      hosts: cluster.hosts.filter(isMember).map(({ name }) => name),
      highestRisk: owned ? setsApply.risk : 'medium',
      irreversible: false,
    },
  };
};
