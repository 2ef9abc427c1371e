import type { Cluster } from '../../spec/cluster.js';
import type { ObjectSet } from '../../steps/sets/object-set.js';
import type { World } from '../../steps/step.js';
import type { StageGoal } from '../goal.js';
import { backendStages } from './backend.js';
import { FRESH, freshStages } from './fresh.js';
import { HAND_OVER, handOverGoals, handOverStage } from './hand-over.js';
import { inPlaceStages } from './in-place.js';
import type { BuildInput } from './k3s-members.js';
import { laterModeStages, MODE_STAGES, modeStages } from './mode.js';
import { nodeByNodeStages } from './node-by-node.js';
import { offStages } from './off.js';
import { phaseOf, recipeInput } from './recipe-input.js';
import { residueGoals, residueStage } from './residue.js';
import { laterServicesStage, SERVICES, servicesStage } from './services.js';
import { type Asked, askedOf, type Situation, situationOf } from './situation.js';
import { takeOverStages } from './take-over.js';
import { toFlannelHandOver, toFlannelStages } from './to-flannel.js';

export interface NetworkInput {
  /** With the network that the spec asks for. */
  readonly cluster: Cluster;
  readonly world: World;
  readonly build: BuildInput;
  /** The asked network, as it was rendered for the world as it is; absent = K3s brings it, or nobody. */
  readonly set?: ObjectSet | undefined;
  /** The network that runs does not carry all packets: nodes that have moved are proven among themselves. */
  readonly broken?: boolean | undefined;
}

/** Stages that are planned when they start, beside what goes last. */
const LATER: readonly string[] = [HAND_OVER, FRESH, SERVICES, ...Object.values(MODE_STAGES)];

export const isNetworkStage = (name: string): boolean => LATER.includes(name);

const recipeOf = (input: NetworkInput, situation: Situation, asked: Asked) => {
  const { cluster, world } = input;
  return recipeInput(cluster, world, { asked, situation, phase: phaseOf(cluster, world, situation) });
};

/** What goes last, in the world as it is then. Pure. */
export const lastNetworkStages = (input: Pick<NetworkInput, 'cluster' | 'world'>): readonly StageGoal[] => {
  const asked = askedOf(input.cluster);
  return asked === undefined ? [] : [{ ...residueStage(input, asked), goals: residueGoals(input, asked) }];
};

/** What shall hold at the beginning of a later stage, in the world as it is then. Pure. */
export const laterNetworkStages = (input: NetworkInput): readonly StageGoal[] => {
  const { cluster, world, set } = input;
  const asked = askedOf(cluster);
  if (asked === undefined) return [];
  const situation = situationOf(cluster, world);
  if (asked.driver === 'flannel-k3s') return [toFlannelHandOver(input, asked)];
  if (set === undefined) return [];
  const change = { members: input, asked, input: recipeOf(input, situation, asked), set };
  if (situation.kind === 'mode') return laterModeStages({ ...change, from: situation.from }, situation);
  const from =
    situation.kind === 'other' ? situation.from : { driver: asked.driver, cni: asked.cni, evidence: [] };
  return [
    { ...handOverStage(change), goals: handOverGoals({ ...change, from }) },
    ...freshStages(change),
    ...servicesStage({ ...change, from }),
  ];
};

/** The network is as asked; who programs Services may not be. */
const settledStages = (
  input: NetworkInput,
  situation: Extract<Situation, { readonly kind: 'settled' }>,
): readonly StageGoal[] => {
  const { asked } = situation;
  if (asked?.driver !== 'cilium' || input.set === undefined) return [];
  const from = { driver: asked.driver, cni: asked.cni, evidence: [] };
  return servicesStage({
    members: input,
    asked,
    from,
    input: recipeOf(input, situation, asked),
    set: input.set,
  });
};

/** The stages that bring a cluster from the network that runs to the one that the spec asks for; none where it runs. Pure. */
export const networkStages = (input: NetworkInput): readonly StageGoal[] => {
  const { cluster, world, set } = input;
  const situation = situationOf(cluster, world);
  switch (situation.kind) {
    case 'off':
      return offStages(input);
    case 'settled':
      return settledStages(input, situation);
    case 'unclear':
      return [];
    case 'mode':
    case 'installer':
    case 'none':
    case 'other':
      break;
  }
  const { asked } = situation;
  if (situation.kind !== 'other' && asked.driver === 'flannel-k3s')
    return situation.kind === 'none' && world.cluster === undefined ? [] : backendStages(input, asked);
  if (situation.kind === 'other' && asked.driver === 'flannel-k3s') return toFlannelStages(input, situation);
  if (set === undefined) return [];
  const fresh = { members: input, asked, input: recipeOf(input, situation, asked), set };
  if (situation.kind === 'none') return freshStages(fresh);
  const change = { ...fresh, from: situation.from, broken: input.broken === true };
  if (situation.kind === 'mode') return modeStages(change, situation);
  if (situation.kind === 'installer') return takeOverStages(change);
  const way = cluster.spec.network.change.way === 'in-place' ? inPlaceStages : nodeByNodeStages;
  return [...way(change), ...laterServicesStage(change)];
};
