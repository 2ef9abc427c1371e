import { count } from '../../core/text.js';
import { driverOf } from '../../facts/cni/drivers.js';
import type { InUse } from '../../facts/cni/in-use.js';
import { type Cluster, type ClusterHost, isMember } from '../../spec/cluster.js';
import { cniBypass } from '../../steps/cni/bypass.js';
import { cniClean } from '../../steps/cni/clean.js';
import { cniControl } from '../../steps/cni/control.js';
import type { RecipeInput } from '../../steps/cni/recipe.js';
import { cniSave } from '../../steps/cni/save.js';
import { cniSwitch } from '../../steps/cni/switch.js';
import { cniUp } from '../../steps/cni/up.js';
import { cniWayBack } from '../../steps/cni/way-back.js';
import type { ObjectSet } from '../../steps/sets/object-set.js';
import type { AnyStep } from '../../steps/step.js';
import { type Goal, goalId, type StageGoal } from '../goal.js';
import { ipsetGoals } from '../ipset-goals.js';
import { pairsGuard } from '../pairs-guard.js';
import { setGoal } from '../set-goal.js';
import { openGoals } from './beside.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import type { MembersInput } from './k3s-members.js';
import { runningNetwork } from './running.js';
import type { Asked } from './situation.js';

/** Nodes move from one network to another one that is there. */
export interface Move {
  readonly members: MembersInput;
  readonly asked: Asked;
  readonly from: InUse;
  /** The new network as it is there in this phase. */
  readonly input: RecipeInput;
  /** The former network does not carry all packets. */
  readonly broken?: boolean;
}

/** A change from one network to another one that has a recipe. */
export interface Change extends Move {
  readonly set: ObjectSet;
}

/** How long agents and pods may take; images may have to be pulled first. */
const PATIENCE_SECONDS = 600;

export const membersOf = ({ hosts }: Cluster): readonly ClusterHost[] => hosts.filter(isMember);

export const hostGoal = (
  step: AnyStep,
  host: string,
  params: Goal['params'],
  after: readonly string[],
): Goal => ({
  id: goalId(step, host),
  step,
  params,
  host,
  hosts: [host],
  after,
});

export const clusterGoal = (
  step: AnyStep,
  cluster: Cluster,
  params: Goal['params'],
  after: readonly string[],
): Goal => ({
  id: goalId(step, cluster.name),
  step,
  params,
  hosts: membersOf(cluster).map(({ name }) => name),
  after,
});

export const saveGoal = ({ members: { cluster }, asked, from }: Move): Goal =>
  clusterGoal(
    cniSave,
    cluster,
    { change: `${driverOf(from.driver).title} → ${driverOf(asked.driver).title}` },
    [],
  );

/** The hosts let packets of both networks in; where the plan prepares hosts, that has been done before. */
export const opened = ({ members }: Pick<Move, 'members'>, after: readonly string[]): readonly Goal[] =>
  members.only === 'network' ? openGoals(members.cluster, members.world, after) : [];

/** Two engines of NetworkPolicies would judge each other’s pods: K3s’ own ends before the second network begins. */
export const policiesGoal = ({ members }: Change, after: readonly string[]): readonly Goal[] => {
  const running = runningNetwork(members.cluster, members.world);
  if (running?.policies !== true || running.backend === 'none') return [];
  return [k3sNetworkGoal(members, 'policies', { ...running, policies: false }, after)];
};

/**
 * With the engine off its rules stand, and judge by addresses that pods of the former network had: they would reject
 * pods that have moved.
 * @param off what switches the engine off
 */
export const rulesGoals = (
  { members, from }: Move,
  off: readonly Goal[],
  after: readonly string[],
): readonly Goal[] => {
  const running = runningNetwork(members.cluster, members.world);
  if (off.length === 0 && running?.policies !== false) return [];
  const kept = [{ driver: from.driver, mode: from.mode ?? null }];
  return membersOf(members.cluster).map(({ name }) => {
    const goal = hostGoal(cniClean, name, { kept, policies: false, only: 'policies' }, after);
    return { ...goal, id: `${goal.id}/policies` };
  });
};

/** Taken back, nothing of the second network stays on a host. */
export const wayBackGoals = (
  { members: { cluster }, from, input }: Move,
  after: readonly string[],
): readonly Goal[] => {
  const kept = [{ driver: from.driver, mode: from.mode ?? null }];
  const params = { kept, pool: input.pool, limitSeconds: PATIENCE_SECONDS };
  return membersOf(cluster).map(({ name }) => hostGoal(cniWayBack, name, params, after));
};

/** Only Flannel masquerades what it does not know. */
export const bypassGoals = (
  { members: { cluster }, asked, from }: Move,
  present: boolean,
  after: readonly string[],
): readonly Goal[] =>
  [asked.cni, from.cni].includes('flannel')
    ? membersOf(cluster).map(({ name }) =>
        hostGoal(cniBypass, name, { pods: cluster.spec.network.pods, present }, after),
      )
    : [];

/** The network really has made on every node what its health does not tell of. */
export const provenUp = ({ members, asked, input }: Omit<Move, 'from'>, after: readonly string[]): Goal => {
  const params = { driver: asked.driver, input, limitSeconds: PATIENCE_SECONDS };
  return clusterGoal(cniUp, members.cluster, params, after);
};

/**
 * The network comes up, and is proven to be.
 * @param mark tells two times of one run apart
 */
export const upGoals = (
  change: Omit<Change, 'from'>,
  after: readonly string[],
  mark = '',
): readonly Goal[] => {
  const { members, set } = change;
  const swapped = ipsetGoals(members.cluster, members.world, () => after);
  const goal = setGoal(set, [...after, ...swapped.map(({ id }) => id)]);
  const applied = { ...goal, id: `${goal.id}${mark}` };
  const up = provenUp(change, [applied.id]);
  return [...swapped, applied, { ...up, id: `${up.id}${mark}` }];
};

/** Agents first: a server that has to be looked after keeps the API from nobody. */
const inOrder = (cluster: Cluster): readonly ClusterHost[] =>
  [...membersOf(cluster)].sort((a, b) => Number(a.role === 'server') - Number(b.role === 'server'));

/** Each node moves; one after another unless it is done in a window. */
export const switchGoals = (
  { members: { cluster }, asked, input, broken }: Move,
  { inWindow, after }: { readonly inWindow: boolean; readonly after: readonly string[] },
): readonly Goal[] => {
  const nodes = inOrder(cluster);
  return nodes.map(({ name }, at) => {
    const before = nodes[at - 1];
    const params = {
      driver: asked.driver,
      input,
      node: name,
      cordon: !inWindow,
      prove: inWindow || broken === true ? 'changed' : 'all',
      image: cluster.spec.acceptance.image,
      limitSeconds: PATIENCE_SECONDS,
    };
    const waits = inWindow || before === undefined ? after : [goalId(cniSwitch, before.name)];
    return hostGoal(cniSwitch, name, params, waits);
  });
};

/** What the same restart costs without any change. */
export const controlGoals = (
  { members: { cluster } }: Pick<Move, 'members'>,
  after: readonly string[],
): readonly Goal[] => {
  const [first] = inOrder(cluster);
  return cluster.spec.network.change.control && first !== undefined
    ? [hostGoal(cniControl, first.name, { node: first.name, limitSeconds: PATIENCE_SECONDS }, after)]
    : [];
};

/** A stage of the change, watched from its first action to its last. */
export const watched = (
  { members: { cluster, world } }: Pick<Move, 'members'>,
  stage: StageGoal,
): StageGoal => ({
  ...stage,
  guards: [pairsGuard({ cluster, world, during: [], budget: cluster.spec.network.change.budget })],
});

export const nodesText = (cluster: Cluster): string => count(membersOf(cluster).length, 'node');
