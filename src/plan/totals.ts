import { criticalPath } from './graph.js';
import type { Action, Plan } from './model.js';

export interface Totals {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly run: number;
  readonly hosts: number;
  readonly irreversible: number;
  /** Seconds along the longest chain of actions. */
  readonly seconds: number;
  readonly unchanged: number;
  readonly notManaged: number;
}

const actionsOf = (plan: Plan): Action[] => plan.stages.flatMap(({ actions }) => actions);

const countChanges = (actions: readonly Action[], kinds: readonly string[]): number =>
  actions.reduce((sum, { changes }) => sum + changes.filter(({ kind }) => kinds.includes(kind)).length, 0);

/** Hosts that an action changes; one on the operator's machine changes none. */
const touched = ({ scope, host, hosts }: Action): readonly string[] => {
  if (scope === 'operator') return [];
  return host === undefined ? hosts : [host];
};

/** The figures of a plan's last lines. */
export const totalsOf = (plan: Plan): Totals => {
  const actions = actionsOf(plan);
  return {
    add: countChanges(actions, ['add']),
    change: countChanges(actions, ['change', 'replace']),
    destroy: countChanges(actions, ['remove']),
    run: countChanges(actions, ['run', 'verify', 'unknown']),
    hosts: new Set(actions.flatMap(touched)).size,
    irreversible: actions.filter(({ undo }) => undo.kind === 'irreversible').length,
    seconds: plan.stages.reduce(
      (sum, stage) => sum + criticalPath(stage.actions, ({ expected }) => expected.seconds),
      0,
    ),
    unchanged: Object.values(plan.unchanged).reduce((sum, count) => sum + count, 0),
    notManaged: plan.notManaged.length,
  };
};
