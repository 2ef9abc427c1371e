import { driverOf } from '../../facts/cni/drivers.js';
import type { StageGoal } from '../goal.js';
import { handOverStage } from './hand-over.js';
import { residueStage } from './residue.js';
import {
  bypassGoals,
  type Change,
  controlGoals,
  nodesText,
  opened,
  policiesGoal,
  rulesGoals,
  saveGoal,
  switchGoals,
  upGoals,
  watched,
  wayBackGoals,
} from './second.js';

/** A second network on a pool and a port of its own, then one node after another, then the former one lets go and goes. */
export const nodeByNodeStages = (change: Change): readonly StageGoal[] => {
  const { members, asked, input } = change;
  const title = driverOf(asked.driver).title;
  const save = saveGoal(change);
  const policies = policiesGoal(change, [save.id]);
  const off = [save.id, ...policies.map(({ id }) => id)];
  const rules = rulesGoals(change, policies, off);
  const back = wayBackGoals(change, [...off, ...rules.map(({ id }) => id)]);
  const open = opened(
    change,
    back.map(({ id }) => id),
  );
  const first = [...back, ...open].map(({ id }) => id);
  const up = upGoals(change, first);
  const bypass = bypassGoals(change, true, first);
  const ready = [...up, ...bypass].map(({ id }) => id);
  const prepare = [
    save,
    ...policies,
    ...rules,
    ...back,
    ...open,
    ...up,
    ...bypass,
    ...controlGoals(change, ready),
  ];
  return [
    watched(change, {
      name: 'prepare',
      goal: `${title} stands beside ${driverOf(change.from.driver).title}, on ${input.pool}`,
      goals: prepare,
    }),
    watched(change, {
      name: 'nodes',
      goal: `${nodesText(members.cluster)} move to ${title}, one after another`,
      goals: switchGoals(change, { inWindow: false, after: [] }),
    }),
    handOverStage(change),
    residueStage(members, asked, change.from),
  ];
};
