import { canonicalJson } from '../core/canonical.js';
import type { Action, Plan } from './model.js';

/** One difference between two plans, for `plan diff A B`. */
export type PlanDifference =
  | { readonly kind: 'only-in-first' | 'only-in-second'; readonly action: Action }
  | {
      readonly kind: 'changed';
      readonly first: Action;
      readonly second: Action;
      readonly members: readonly string[];
    };

const byId = (plan: Plan): Map<string, Action> =>
  new Map(plan.stages.flatMap(({ actions }) => actions).map((action) => [action.id, action]));

const differingMembers = (first: Action, second: Action): string[] =>
  [...new Set([...Object.keys(first), ...Object.keys(second)])].filter(
    (key) => canonicalJson(first[key as keyof Action]) !== canonicalJson(second[key as keyof Action]),
  );

/** Differences in the order of the first plan, then what only the second one has. */
export const comparePlans = (first: Plan, second: Plan): PlanDifference[] => {
  const before = byId(first);
  const after = byId(second);
  const result: PlanDifference[] = [];
  for (const [id, action] of before) {
    const other = after.get(id);
    if (other === undefined) {
      result.push({ kind: 'only-in-first', action });
      continue;
    }
    const members = differingMembers(action, other);
    if (members.length > 0) result.push({ kind: 'changed', first: action, second: other, members });
  }
  for (const [id, action] of after) if (!before.has(id)) result.push({ kind: 'only-in-second', action });
  return result;
};
