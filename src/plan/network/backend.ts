import { isMember } from '../../spec/cluster.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import { inUseBy } from '../clean-goals.js';
import type { StageGoal } from '../goal.js';
import { pairsGuard } from '../pairs-guard.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import type { MembersInput } from './k3s-members.js';
import { residueStage } from './residue.js';
import { opened } from './second.js';
import type { Asked } from './situation.js';

/**
 * Flannel's packets go another way: K3s on all servers at once, then the agents, while both ways lead to every node; what
 * only the former way needed goes when nothing leads there any more.
 */
export const backendStages = (input: MembersInput, asked: Asked): readonly StageGoal[] => {
  const { cluster, world } = input;
  const open = opened({ members: input }, []);
  const change = k3sNetworkGoal(
    input,
    'flannel',
    askedNetwork(cluster),
    open.map(({ id }) => id),
  );
  const members = cluster.hosts.filter(isMember).map(({ name }) => name);
  const guard = pairsGuard({
    cluster,
    world,
    during: [change.id],
    budget: cluster.spec.network.change.budget,
  });
  return [
    {
      name: 'network',
      goal: `Flannel carries packets between ${members.length} nodes by ${asked.mode}`,
      goals: [...open, change],
      // Where no network runs no pod can be asked, and none can be cut off.
      ...(inUseBy(cluster, world).used.length === 0 ? {} : { guards: [guard] }),
    },
    residueStage(input, asked),
  ];
};
