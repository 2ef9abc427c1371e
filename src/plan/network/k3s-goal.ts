import { k3sNetwork } from '../../steps/k3s/network.js';
import type { K3sNetwork } from '../../steps/k3s/settings.js';
import { type Goal, goalId } from '../goal.js';
import { type MembersInput, networkMembers } from './k3s-members.js';

/** What one change of K3s' network is called: `k3s.network/policies`. */
export type K3sChange = 'policies' | 'flannel' | 'hand-over' | 'kube-proxy';

/** All servers at once, then the agents, with K3s doing this about the network. */
export const k3sNetworkGoal = (
  input: MembersInput,
  change: K3sChange,
  network: K3sNetwork,
  after: readonly string[],
): Goal => {
  const members = networkMembers(input, network);
  return {
    id: goalId(k3sNetwork, change),
    step: k3sNetwork,
    params: {
      change,
      backend: network.backend,
      policies: network.policies,
      ...(change === 'kube-proxy' ? { kubeProxy: network.kubeProxy } : {}),
      members,
    },
    hosts: members.map(({ node }) => node),
    after,
  };
};
