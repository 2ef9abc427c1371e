import { planHash } from './assemble.js';
import type { Plan } from './model.js';

/** One thing that moved between making a plan and applying it. */
export interface Moved {
  readonly what: string;
  readonly detail: string;
}

const differing = (
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => before[key] !== now[key])
    .sort();

const say = (before: string | undefined, now: string | undefined): string =>
  now === undefined || now === 'absent'
    ? 'can no longer be observed'
    : before === undefined
      ? 'is new'
      : 'is different now';

/**
 * What moved since `plan` was made, `now` being the plan made from the present world (invariant 3). Empty = the
 * plan may be applied. A file whose hash does not fit its content was edited by hand and never passes.
 */
export const movedSince = (plan: Plan, now: Plan): Moved[] => {
  const { hash, ...content } = plan;
  if (planHash(content) !== hash) return [{ what: 'plan file', detail: 'its content does not fit its hash' }];
  if (plan.hash === now.hash) return [];
  const moved: Moved[] = [];
  const compare = (what: string, before: string | undefined, after: string | undefined): void => {
    if (before !== after)
      moved.push({ what, detail: `was ${before ?? 'unknown'}, is ${after ?? 'unknown'}` });
  };
  compare('tool version', plan.tool, now.tool);
  compare('realm', plan.realm, now.realm);
  compare('cluster', plan.cluster.name, now.cluster.name);
  compare('cluster identity', plan.cluster.uid, now.cluster.uid);
  compare('spec', plan.specHash.slice(0, 12), now.specHash.slice(0, 12));
  for (const host of differing(plan.identities, now.identities)) {
    moved.push({
      what: host,
      detail: `the machine itself ${say(plan.identities[host], now.identities[host])}`,
    });
  }
  for (const key of differing(plan.relied, now.relied)) {
    moved.push({ what: key, detail: say(plan.relied[key], now.relied[key]) });
  }
  if (moved.length === 0) moved.push({ what: 'plan', detail: 'the same facts give other actions now' });
  return moved;
};
