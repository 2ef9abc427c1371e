import type { Json } from '../core/canonical.js';
import { referencesIn, replaceReferences } from '../core/references.js';
import type { Change } from '../steps/change.js';
import type { World } from '../steps/step.js';
import type { Goal, StageGoal } from './goal.js';
import { without } from './graph.js';
import type { Action } from './model.js';

type Outputs = Map<string, Readonly<Record<string, Json>>>;

/** A goal compared with facts. */
interface Bound {
  readonly action: Action;
  /** Outputs of a goal that holds already. */
  readonly outputs: Readonly<Record<string, Json>> | undefined;
}

/** What is only known when an earlier action has run is shown as `?` and judged then. */
const unknownYet = (params: Json): Change[] =>
  referencesIn(params).map(({ from, output }) => ({
    kind: 'unknown' as const,
    what: `${output} of ${from}`,
  }));

const bindGoal = (goal: Goal, world: World, known: Outputs): Bound => {
  const { step } = goal;
  const subject = { hosts: goal.hosts, ...(goal.host === undefined ? {} : { host: goal.host }) };
  const params = replaceReferences(goal.params, (reference) => {
    const found = known.get(reference.from)?.[reference.output];
    return found ?? { from: reference.from, output: reference.output };
  });
  const unknown = unknownYet(params);
  const state: unknown = unknown.length > 0 ? undefined : step.observe(world, subject, params);
  const changes = unknown.length > 0 ? unknown : step.diff(state, params);
  const holds = changes.length === 0 && state !== undefined;
  const shown = unknown.length > 0 ? replaceReferences(params, () => '?') : params;
  return {
    outputs: holds ? step.outputs?.(state, params) : undefined,
    action: {
      id: goal.id,
      step: step.id,
      title: step.title(shown),
      scope: step.scope,
      ...(goal.role === undefined ? {} : { role: goal.role }),
      ...(goal.host === undefined ? {} : { host: goal.host }),
      hosts: [...goal.hosts],
      params: params as Action['params'],
      after: [...new Set([...goal.after, ...referencesIn(params).map(({ from }) => from)])],
      ...(goal.window === undefined ? {} : { window: goal.window }),
      changes: [...changes],
      risk: step.risk,
      undo: step.undo,
      replay: step.replay,
      disruptive: step.disruptive,
      expected: goal.expected ?? step.expected,
    },
  };
};

export interface BoundStage {
  readonly actions: readonly Action[];
  /** Goals that already hold, by step. */
  readonly unchanged: Readonly<Record<string, number>>;
  /** What was known before, and the outputs of goals that hold. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, Json>>>;
}

/**
 * Compares the goals of one stage with the world. Goals that hold are left out; parameters that refer to their
 * outputs get the values at once. A goal must stand behind those that it refers to. `known` are outputs of actions
 * that have run before, by action. Pure.
 */
export const bindStage = (
  stage: Pick<StageGoal, 'goals'>,
  world: World,
  known: ReadonlyMap<string, Readonly<Record<string, Json>>> = new Map(),
): BoundStage => {
  const outputs: Outputs = new Map(known);
  const unchanged: Record<string, number> = {};
  const holding = new Set<string>();
  const all = stage.goals.map((goal) => {
    const bound = bindGoal(goal, world, outputs);
    if (bound.outputs !== undefined) outputs.set(goal.id, bound.outputs);
    if (bound.action.changes.length === 0) {
      holding.add(goal.id);
      unchanged[goal.step.id] = (unchanged[goal.step.id] ?? 0) + 1;
    }
    return bound.action;
  });
  const outside = all.flatMap(({ after }) => after).filter((id) => known.has(id));
  return { actions: without(all, new Set([...holding, ...outside])), unchanged, outputs };
};
