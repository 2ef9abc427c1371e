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
    }
  /** The objects themselves would be other ones: another bundle, other transforms, another target. */
  | { readonly kind: 'carried'; readonly members: readonly string[] };

const byId = (plan: Plan): Map<string, Action> =>
  new Map(plan.stages.flatMap(({ actions }) => actions).map((action) => [action.id, action]));

const differingMembers = <T extends object>(first: T, second: T): string[] =>
  [...new Set([...Object.keys(first), ...Object.keys(second)])].filter(
    (key) => canonicalJson(first[key as keyof T]) !== canonicalJson(second[key as keyof T]),
  );

/** What plans of migrations carry, and what they were made from; findings move by themselves. */
const carriedMembers = (first: Plan, second: Plan): string[] => {
  const [{ findings: _, ...before }, { findings: __, ...after }] = [
    first.carries ?? { findings: [] },
    second.carries ?? { findings: [] },
  ];
  const secrets = 'secrets from outside';
  const others = first.relied[secrets] === second.relied[secrets] ? [] : [secrets];
  return [...differingMembers(before, after), ...others];
};

/** Differences in the order of the first plan, then what only the second one has. */
export const comparePlans = (first: Plan, second: Plan): PlanDifference[] => {
  const before = byId(first);
  const after = byId(second);
  const members = carriedMembers(first, second);
  const result: PlanDifference[] = members.length === 0 ? [] : [{ kind: 'carried', members }];
  for (const [id, action] of before) {
    const other = after.get(id);
    if (other === undefined) {
      result.push({ kind: 'only-in-first', action });
      continue;
    }
    const differing = differingMembers(action, other);
    if (differing.length > 0)
      result.push({ kind: 'changed', first: action, second: other, members: differing });
  }
  for (const [id, action] of after) if (!before.has(id)) result.push({ kind: 'only-in-second', action });
  return result;
};
