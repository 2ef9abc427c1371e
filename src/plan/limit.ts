import { planHash } from './assemble.js';
import { levels } from './graph.js';
import type { Action, Plan } from './model.js';

export interface Limited {
  readonly plan: Plan;
  /** Actions that were left out: of other hosts, of the whole cluster, or waiting for one that was left out. */
  readonly leftOut: readonly string[];
}

const within = ({ scope, host, hosts }: Action, allowed: ReadonlySet<string>): boolean => {
  if (scope === 'operator' && hosts.length === 0) return true;
  return host === undefined
    ? hosts.length > 0 && hosts.every((each) => allowed.has(each))
    : allowed.has(host);
};

/** What touches no host is done only for what does: a download that no host waits for is left out. */
const withoutIdle = (actions: readonly Action[], kept: ReadonlySet<string>): Action[] => {
  const wanted = new Set(actions.filter(({ id }) => kept.has(id)).flatMap(({ after }) => after));
  return actions.filter(
    ({ id, scope, hosts }) => kept.has(id) && (scope !== 'operator' || hosts.length > 0 || wanted.has(id)),
  );
};

/**
 * The part of a plan that touches only some hosts. What waits for an action that is left out is left out too: nothing
 * is done earlier than it may. Later stages are left out, because nobody knows yet what they will touch.
 */
export const limitPlan = (plan: Plan, hosts: readonly string[]): Limited => {
  const allowed = new Set(hosts);
  const kept = new Set<string>();
  const { hash, ...content } = plan;
  const stages = plan.stages.flatMap((stage) => {
    if (stage.envelope !== undefined) return [];
    for (const action of levels(stage.actions).flat())
      if (within(action, allowed) && action.after.every((id) => kept.has(id))) kept.add(action.id);
    return [{ ...stage, actions: withoutIdle(stage.actions, kept) }];
  });
  const limited = { ...content, stages, limit: [...hosts].sort() };
  const all = plan.stages.flatMap(({ actions }) => actions.map(({ id }) => id));
  const left = new Set(stages.flatMap(({ actions }) => actions.map(({ id }) => id)));
  return { plan: { ...limited, hash: planHash(limited) }, leftOut: all.filter((id) => !left.has(id)) };
};
