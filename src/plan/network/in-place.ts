import { driverOf } from '../../facts/cni/drivers.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import type { Goal, StageGoal } from '../goal.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import { residueStage } from './residue.js';
import { isReleased, runningNetwork } from './running.js';
import {
  bypassGoals,
  type Change,
  nodesText,
  opened,
  rulesGoals,
  saveGoal,
  switchGoals,
  upGoals,
  watched,
  wayBackGoals,
} from './second.js';

const letGo = ({ members }: Change): readonly Goal[] => {
  const running = runningNetwork(members.cluster, members.world);
  if (running === undefined || (isReleased(members.cluster, members.world) && !running.policies)) return [];
  const k3s = { ...askedNetwork(members.cluster), kubeProxy: running.kubeProxy };
  return [k3sNetworkGoal(members, 'hand-over', k3s, [])];
};

/** K3s lets go of Flannel everywhere, the new network comes up alone, and all pods start again at once. */
export const inPlaceStages = (change: Change): readonly StageGoal[] => {
  const { members, asked, input } = change;
  const title = driverOf(asked.driver).title;
  const freed = letGo(change);
  const off = freed.map(({ id }) => id);
  const rules = rulesGoals(change, freed, off);
  const up = upGoals(change, off);
  const bypass = bypassGoals(change, true, off);
  const ready = [...freed, ...rules, ...up, ...bypass].map(({ id }) => id);
  const save = saveGoal(change);
  const back = wayBackGoals(change, [save.id]);
  const open = opened(
    change,
    back.map(({ id }) => id),
  );
  return [
    {
      name: 'prepare',
      goal: 'what the change could lose is saved',
      goals: [save, ...back, ...open],
    },
    watched(change, {
      name: 'window',
      goal: `${nodesText(members.cluster)} move to ${title} at once, on ${input.pool}`,
      goals: [...freed, ...rules, ...up, ...bypass, ...switchGoals(change, { inWindow: true, after: ready })],
    }),
    residueStage(members, asked, change.from),
  ];
};
