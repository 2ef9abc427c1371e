import type { Action } from '../plan/model.js';

/** Limits of how much happens at once. */
export interface Limits {
  /** Actions of the whole run at the same time. */
  readonly concurrency: number;
}

export interface Situation {
  readonly running: readonly Action[];
  readonly succeeded: ReadonlySet<string>;
  readonly started: ReadonlySet<string>;
}

const hostsOf = (action: Action): readonly string[] =>
  action.host === undefined ? action.hosts : [action.host];

const collides = (action: Action, other: Action): boolean => {
  if (action.disruptive && other.disruptive) return true;
  const busy = new Set(hostsOf(other));
  return hostsOf(action).some((host) => busy.has(host));
};

/**
 * Actions that may start now, in plan order: predecessors succeeded, no other action on the same hosts, never two
 * disruptive ones at once, room in the rolling window and in the run. Windows roll: the next member of a group
 * starts when one ends, not when a whole batch has ended.
 */
export const readyActions = (actions: readonly Action[], situation: Situation, limits: Limits): Action[] => {
  const chosen: Action[] = [];
  for (const action of actions) {
    if (situation.started.has(action.id)) continue;
    const busy = [...situation.running, ...chosen];
    if (busy.length >= limits.concurrency) break;
    if (!action.after.every((id) => situation.succeeded.has(id))) continue;
    if (busy.some((other) => collides(action, other))) continue;
    const { window } = action;
    if (
      window !== undefined &&
      busy.filter((other) => other.window?.group === window.group).length >= window.size
    )
      continue;
    chosen.push(action);
  }
  return chosen;
};
