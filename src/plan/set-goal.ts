import { setsApply } from '../steps/sets/apply.js';
import { emptySet, type ObjectSet, setDigest } from '../steps/sets/object-set.js';
import type { SetParams } from '../steps/sets/params.js';
import { type Goal, goalId } from './goal.js';

/** Images may have to be pulled first. */
const READY_MS = 300_000;

export interface SetExpectation {
  /** Instead of what the step expects. */
  readonly expected?: Goal['expected'];
  /** How long its workloads may take to get ready, in milliseconds. */
  readonly readyMs?: number;
}

/** `sets.apply/application/shop/web`. */
export const setGoalId = (name: string): string => goalId(setsApply, name);

/** The cluster has this set, after those actions. A set without objects is removed. */
export const setGoal = (set: ObjectSet, after: readonly string[], more: SetExpectation = {}): Goal => {
  const params: SetParams = {
    set: set.name,
    digest: setDigest(set),
    objects: set.objects.length,
    readyMs: more.readyMs ?? READY_MS,
  };
  return {
    id: setGoalId(set.name),
    step: setsApply,
    params,
    hosts: [],
    after,
    ...(more.expected === undefined ? {} : { expected: more.expected }),
  };
};

/** What is left of a set that is wanted no more goes. */
export const setGoneGoal = (name: string, after: readonly string[]): Goal => setGoal(emptySet(name), after);
