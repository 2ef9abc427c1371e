import type { RunEvent } from '../core/events/run.js';
import { count, sentence } from '../core/text.js';
import type { Plan } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';
import type { ExecuteOutcome } from './execute.js';

export interface RunSummary {
  readonly event: Extract<RunEvent, { type: 'run-done' }>;
  readonly failures: readonly StepFailure[];
}

interface RunFacts {
  readonly run: string;
  readonly mode: 'apply' | 'rollback';
  readonly durationMs: number;
}

const stateText = (plan: Plan, result: ExecuteOutcome): string => {
  const total = plan.stages.reduce((sum, { actions }) => sum + actions.length, 0);
  if (result.outcome === 'done') return `all ${count(total, 'action')} done and proven`;
  const failed = [...result.failed.keys()];
  const untouched = result.open.filter((id) => !result.failed.has(id));
  return [
    `${result.succeeded.size} of ${count(total, 'action')} done and proven`,
    ...(failed.length === 0 ? [] : [`${sentence(failed)} failed`]),
    ...(untouched.length === 0 ? [] : [`${sentence(untouched)} not started`]),
  ].join('; ');
};

const whyText = (failures: readonly StepFailure[]): string | undefined =>
  failures.length === 0
    ? undefined
    : failures
        .map(({ message, cause }) => (cause === undefined || cause === '' ? message : `${message}: ${cause}`))
        .join('\n');

/** The last event of a run: state of the world, why, how to go on, how to go back (invariant 5). */
export const summarize = (plan: Plan, result: ExecuteOutcome, facts: RunFacts): RunSummary => {
  const failures = [...result.failed.values()];
  const why = whyText(failures) ?? (result.outcome === 'stopped' ? 'it was asked to stop' : undefined);
  const rolledBack = facts.mode === 'rollback' && result.outcome === 'done';
  const unfinished = result.outcome === 'done' ? {} : { next: `drover apply --resume ${facts.run}` };
  return {
    failures,
    event: {
      type: 'run-done',
      run: facts.run,
      outcome: rolledBack ? 'rolled-back' : result.outcome,
      state: stateText(plan, result),
      ...(why === undefined || result.outcome === 'done' ? {} : { why }),
      ...unfinished,
      done: result.succeeded.size,
      failed: result.failed.size,
      open: result.open.length,
      durationMs: facts.durationMs,
    },
  };
};
