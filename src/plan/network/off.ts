import { askedNetwork } from '../../steps/k3s/settings.js';
import type { StageGoal } from '../goal.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import type { MembersInput } from './k3s-members.js';

/** Flannel goes out of K3s, and what pods hang on stays: who brings the next network recreates them and cleans. */
export const offStages = (input: MembersInput): readonly StageGoal[] => {
  const goal = k3sNetworkGoal(input, 'flannel', askedNetwork(input.cluster), []);
  const interruption =
    'the API does not answer while the servers restart together; pods go on, new ones wait for the next network';
  return [
    {
      name: 'network',
      goal: 'K3s runs no network of its own: the next one is brought by somebody else',
      goals: [{ ...goal, expected: { seconds: 25, interruption } }],
    },
  ];
};
