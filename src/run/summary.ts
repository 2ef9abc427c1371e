import type { RunEvent } from '../core/events/run.js';
import { count, sentence } from '../core/text.js';
import type { Action, Plan } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';
import type { ExecuteOutcome } from './execute.js';
import type { Breach } from './guards.js';
import { type NamedRun, type RunMode, resumeCommand, rollbackCommand } from './mode.js';

/** How one stage went. Stages behind one that did not end well have no result. */
export interface StageResult {
  readonly stage: string;
  /** Undefined when the stage could not be planned, or was refused by its envelope. */
  readonly actions: readonly Action[] | undefined;
  readonly outcome?: ExecuteOutcome | undefined;
  readonly breach?: Breach | undefined;
  readonly refusal?: StepFailure | undefined;
}

export interface RunSummary {
  readonly event: Extract<RunEvent, { type: 'run-done' }>;
  readonly failures: readonly StepFailure[];
  /** A guard's budget is spent, and what the plan says about that. */
  readonly breach?: { readonly guard: string; readonly decision: Breach['guard']['onBreach'] };
}

interface RunFacts extends NamedRun {
  readonly mode: RunMode;
  readonly durationMs: number;
}

interface Tally {
  /** Actions that were begun, whatever became of them. */
  readonly touched: number;
  readonly total: number;
  readonly done: number;
  readonly failed: readonly string[];
  readonly untouched: readonly string[];
  /** Later stages whose actions nobody knows yet. */
  readonly unplanned: readonly string[];
}

const tally = (plan: Plan, results: readonly StageResult[]): Tally => {
  const byStage = new Map(results.map((result) => [result.stage, result]));
  const stages = plan.stages.map((stage) => ({
    stage,
    result: byStage.get(stage.name),
    actions: byStage.get(stage.name)?.actions ?? stage.actions,
  }));
  const succeeded = new Set(results.flatMap(({ outcome }) => [...(outcome?.succeeded ?? [])]));
  const failed = results.flatMap(({ outcome }) => [...(outcome?.failed.keys() ?? [])]);
  const all = stages.flatMap(({ actions }) => actions.map(({ id }) => id));
  return {
    touched: succeeded.size + failed.length,
    total: all.length,
    done: all.filter((id) => succeeded.has(id)).length,
    failed,
    untouched: all.filter((id) => !succeeded.has(id) && !failed.includes(id)),
    unplanned: stages.flatMap(({ stage, result }) =>
      stage.envelope !== undefined && result?.actions === undefined ? [stage.name] : [],
    ),
  };
};

/** Names up to a dozen, beyond that only how many. */
const named = (ids: readonly string[]): string =>
  ids.length > 12 ? count(ids.length, 'action') : sentence(ids);

const stateText = ({ total, done, failed, untouched, unplanned }: Tally): string =>
  failed.length + untouched.length + unplanned.length === 0
    ? `all ${count(total, 'action')} done and proven`
    : [
        `${done} of ${count(total, 'action')} done and proven`,
        ...(failed.length === 0 ? [] : [`${named(failed)} failed`]),
        ...(untouched.length === 0 ? [] : [`${named(untouched)} not started`]),
        ...(unplanned.length === 0 ? [] : [`stage ${sentence(unplanned)} not begun`]),
      ].join('; ');

const breachFailure = ({ guard, detail }: Breach): StepFailure => ({
  class: guard.onBreach === 'pause' ? 'person' : 'unsafe',
  code: 'run-guard-breached',
  message: `the guard "${guard.title}" broke its budget`,
  cause: detail,
});

/** Its hint is the command that goes on. */
const ACCEPTING = 'run-left-envelope';

/** Why, and on a line of its own what to look at. */
const reasonText = ({ message, cause, hint, code }: StepFailure): string =>
  [
    cause === undefined || cause === '' ? message : `${message}: ${cause}`,
    ...(hint === undefined || code === ACCEPTING ? [] : [hint]),
  ].join('\n');

const whyText = (failures: readonly StepFailure[]): string | undefined =>
  failures.length === 0 ? undefined : failures.map(reasonText).join('\n');

type Outcome = RunSummary['event']['outcome'];

const outcomeOf = (plan: Plan, results: readonly StageResult[], mode: RunFacts['mode']): Outcome => {
  const last = results.at(-1);
  if (last?.refusal !== undefined) return last.refusal.class === 'person' ? 'paused' : 'stopped';
  if (last?.outcome !== undefined && last.outcome.outcome !== 'done') return last.outcome.outcome;
  if (results.length < plan.stages.length) return 'stopped';
  return mode === 'rollback' ? 'rolled-back' : 'done';
};

const nextCommand = (facts: RunFacts, outcome: Outcome, failures: readonly StepFailure[]) => {
  if (outcome === 'done' || outcome === 'rolled-back') return {};
  const accepting = failures.find(({ code }) => code === ACCEPTING)?.hint;
  return { next: accepting ?? resumeCommand(facts.mode, facts) };
};

/** The last event of a run: state of the world, why, how to go on, how to go back (invariant 5). */
export const summarize = (plan: Plan, results: readonly StageResult[], facts: RunFacts): RunSummary => {
  const breach = results.find((result) => result.breach !== undefined)?.breach;
  const failures = [
    ...results.flatMap(({ outcome }) => [...(outcome?.failed.values() ?? [])]),
    ...results.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal])),
    ...(breach === undefined ? [] : [breachFailure(breach)]),
  ];
  const figures = tally(plan, results);
  const outcome = outcomeOf(plan, results, facts.mode);
  const well = outcome === 'done' || outcome === 'rolled-back';
  const why = whyText(failures) ?? (outcome === 'stopped' ? 'it was asked to stop' : undefined);
  return {
    failures,
    ...(breach === undefined ? {} : { breach: { guard: breach.guard.id, decision: breach.guard.onBreach } }),
    event: {
      type: 'run-done',
      run: facts.run,
      outcome,
      state: stateText(figures),
      ...(why === undefined || well ? {} : { why }),
      ...nextCommand(facts, outcome, failures),
      ...(facts.mode === 'rollback' || figures.touched === 0 ? {} : { back: rollbackCommand(facts) }),
      done: figures.done,
      failed: figures.failed.length,
      open: figures.failed.length + figures.untouched.length,
      durationMs: facts.durationMs,
    },
  };
};
