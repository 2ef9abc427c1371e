import type { SecretDelivery } from '../steps/secrets/delivery.js';
import { setsApply } from '../steps/sets/apply.js';
import type { ObjectSet } from '../steps/sets/object-set.js';
import type { World } from '../steps/step.js';
import type { StageGoal } from './goal.js';
import { withSecrets } from './secret-goals.js';
import { type SetExpectation, setGoal, setGoalId, setGoneGoal } from './set-goal.js';

/** A set that the spec asks for, as it was rendered. */
export interface WantedSet extends SetExpectation {
  readonly set: ObjectSet;
  /** Names of sets that come before it; those that are not wanted are passed over. */
  readonly after?: readonly string[];
  /** Secrets that its objects name and the spec has: they are delivered before. */
  readonly secrets?: readonly SecretDelivery[];
  /** Its goal stands elsewhere: the plan that changes the cluster network has its own. */
  readonly placed?: true;
}

/** The stage in which sets are applied: behind everything that makes the cluster itself. */
export const SET_STAGE = 'platform';

/**
 * What runs on top of the cluster. Without an API that could be asked it is a later stage, planned when it starts. Sets
 * that are wanted no more go first: they may hold ports or names that others need.
 */
export const setStages = (wanted: readonly WantedSet[], { sets }: World): readonly StageGoal[] => {
  const names = new Set(wanted.map(({ set }) => set.name));
  const gone = [...(sets?.keys() ?? [])]
    .filter((name) => !names.has(name) && !name.startsWith('network/'))
    .sort();
  const own = wanted.filter(({ placed }) => placed !== true);
  if (own.length + gone.length === 0) return [];
  const ids = new Set(own.map(({ set }) => set.name));
  const first = gone.map(setGoalId);
  const goals = [
    ...gone.map((name) => setGoneGoal(name, [])),
    ...own.map((each) =>
      setGoal(
        each.set,
        [...first, ...(each.after ?? []).filter((name) => ids.has(name)).map(setGoalId)],
        each,
      ),
    ),
  ];
  const later = {
    envelope: { steps: [setsApply.id], hosts: [], highestRisk: setsApply.risk, irreversible: false },
  };
  const stage = {
    name: SET_STAGE,
    goal: 'what runs on top of the cluster',
    goals,
    ...(sets === undefined ? later : {}),
  };
  return [withSecrets(stage, own)];
};
