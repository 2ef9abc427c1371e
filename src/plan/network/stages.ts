import type { Cluster } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import type { StageGoal } from '../goal.js';
import { backendStages } from './backend.js';
import type { BuildInput } from './k3s-members.js';
import { offStages } from './off.js';
import { RESIDUE, residueGoals, residueStage } from './residue.js';
import { askedOf, situationOf } from './situation.js';

export interface NetworkInput {
  /** With the network that the spec asks for. */
  readonly cluster: Cluster;
  readonly world: World;
  readonly build: BuildInput;
}

/** Names of the stages that change the network; a later one of them is planned again when it starts. */
const LATER: readonly string[] = [RESIDUE];

export const isNetworkStage = (name: string): boolean => LATER.includes(name);

/** What shall hold at the beginning of a later stage, in the world as it is then. Pure. */
export const laterNetworkStages = (input: NetworkInput): readonly StageGoal[] => {
  const asked = askedOf(input.cluster);
  if (asked === undefined) return [];
  return [{ ...residueStage(input, asked), goals: residueGoals(input, asked) }];
};

/** The stages that bring a cluster from the network that runs to the one that the spec asks for; none where it runs. Pure. */
export const networkStages = (input: NetworkInput): readonly StageGoal[] => {
  const situation = situationOf(input.cluster, input.world);
  switch (situation.kind) {
    case 'mode':
      return situation.asked.driver === 'flannel-k3s' ? backendStages(input, situation.asked) : [];
    case 'none':
      return situation.asked.driver === 'flannel-k3s' ? backendStages(input, situation.asked) : [];
    case 'off':
      return offStages(input);
    case 'other':
    case 'settled':
    case 'unclear':
      return [];
  }
};
