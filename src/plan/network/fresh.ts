import { driverOf } from '../../facts/cni/drivers.js';
import { cniUp } from '../../steps/cni/up.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { StageGoal } from '../goal.js';
import { ipsetSteps } from '../ipset-goals.js';
import { type Change, membersOf, upGoals } from './second.js';

export const FRESH = 'network';

/** A cluster without a network gets one. Where no API is there yet, that is planned when the servers run. */
export const freshStages = (change: Omit<Change, 'from'>): readonly StageGoal[] => {
  const { members, asked, input } = change;
  const { cluster, world } = members;
  const stage = {
    name: FRESH,
    goal: `${driverOf(asked.driver).title} by ${asked.mode} carries pods, on ${input.pool}`,
    goals: upGoals(change, []),
  };
  if (world.sets !== undefined) return [stage];
  const hosts = membersOf(cluster).map(({ name }) => name);
  const steps = [...ipsetSteps(cluster), setsApply.id, cniUp.id];
  return [{ ...stage, envelope: { steps, hosts, highestRisk: setsApply.risk, irreversible: false } }];
};
