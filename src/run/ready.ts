import type { Action } from '../plan/model.js';

/** Limits of how much happens at once. */
export interface Limits {
  /** Actions of the whole run at the same time. */
  readonly concurrency: number;
}

export interface Situation {
  readonly running: readonly Action[];
  readonly succeeded: Pick<ReadonlySet<string>, 'has'>;
  readonly started: ReadonlySet<string>;
}

const hostsOf = (action: Action): readonly string[] =>
  action.host === undefined ? action.hosts : [action.host];

/** What stands in the way of more: hosts at work, members of windows, something disruptive. */
interface Occupied {
  readonly hosts: Set<string>;
  readonly windows: Map<string, number>;
  disruptive: boolean;
  count: number;
}

const occupy = (occupied: Occupied, action: Action): void => {
  for (const host of hostsOf(action)) occupied.hosts.add(host);
  const { window } = action;
  if (window !== undefined) occupied.windows.set(window.group, (occupied.windows.get(window.group) ?? 0) + 1);
  occupied.disruptive ||= action.disruptive;
  occupied.count += 1;
};

const hasRoom = ({ hosts, windows, disruptive }: Occupied, action: Action): boolean =>
  !(action.disruptive && disruptive) &&
  (action.window === undefined || (windows.get(action.window.group) ?? 0) < action.window.size) &&
  !hostsOf(action).some((host) => hosts.has(host));

/**
 * Actions that may start now, in plan order: predecessors succeeded, no other action on the same hosts, never two
 * disruptive ones at once, room in the rolling window and in the run. Windows roll: the next member of a group
 * starts when one ends, not when a whole batch has ended. One pass, whatever runs already.
 */
export const readyActions = (actions: readonly Action[], situation: Situation, limits: Limits): Action[] => {
  const occupied: Occupied = { hosts: new Set(), windows: new Map(), disruptive: false, count: 0 };
  for (const action of situation.running) occupy(occupied, action);
  const chosen: Action[] = [];
  for (const action of actions) {
    if (occupied.count >= limits.concurrency) break;
    if (situation.started.has(action.id)) continue;
    if (!action.after.every((id) => situation.succeeded.has(id)) || !hasRoom(occupied, action)) continue;
    occupy(occupied, action);
    chosen.push(action);
  }
  return chosen;
};
