import type { Json } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';
import type { Clock } from '../core/ports/clock.js';
import type { Action, Plan } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';
import { type ExecuteOutcome, execute } from './execute.js';
import { itemLog } from './item-log.js';
import { type PerformPorts, perform } from './perform.js';
import { foldRun, type RunFold } from './progress.js';
import { type RunSummary, summarize } from './summary.js';

export interface RunInput {
  readonly run: string;
  readonly mode: 'apply' | 'rollback';
  readonly plan: Plan;
  readonly operator: string;
  readonly fencing: number;
  /** Events of earlier processes of this run; empty for a new one. */
  readonly past: readonly RunEvent[];
  readonly concurrency: number;
  readonly clock: Clock;
  readonly spread: () => number;
  /** Resolves when the event is on disk. */
  readonly record: (event: RunEvent) => Promise<void>;
  /** Events that only watchers see. */
  readonly show: (event: RunEvent) => void;
  readonly ports: Omit<PerformPorts, 'checkpoint' | 'progress' | 'items'>;
  readonly mayStart: (action: Action) => Promise<StepFailure | undefined>;
  readonly soft: AbortSignal;
  readonly hard: AbortSignal;
}

const startEvent = ({ run, mode, plan, operator, fencing, past }: RunInput): RunEvent => ({
  type: 'run-start',
  run,
  mode,
  plan: plan.hash,
  realm: plan.realm,
  cluster: plan.cluster.name,
  operator,
  fencing,
  resumed: past.length > 0,
});

const performPorts = (input: RunInput): PerformPorts => ({
  ...input.ports,
  items: (action, memory) => itemLog(input, action, memory),
  checkpoint: (action, value) =>
    input.record({ type: 'action-checkpoint', run: input.run, action, value: value as never }),
  progress: (action, host, text) => {
    input.show({
      type: 'action-progress',
      run: input.run,
      action,
      text,
      ...(host === undefined ? {} : { host }),
    });
  },
});

/** What is done, and how often the rest was tried, from what the journal holds so far. */
const kept = (fold: RunFold) => {
  const succeeded = new Map<string, Readonly<Record<string, Json>>>();
  const attempts = new Map<string, number>();
  for (const [id, progress] of fold.progress().actions) {
    if (progress.state === 'done') succeeded.set(id, progress.outputs);
    else attempts.set(id, progress.attempts);
  }
  return { succeeded, attempts, memory: fold.memory };
};

/**
 * Runs a plan, or what is left of it. The lock is held by the caller, who gives its fencing number. Ends with a
 * `run-done` that says what state the world is in, why, how to go on and how to go back (invariant 5).
 */
export const runPlan = async (given: RunInput): Promise<RunSummary> => {
  const begun = given.clock.monotonic();
  const fold = foldRun(given.past);
  const input: RunInput = {
    ...given,
    record: async (event) => {
      await given.record(event);
      fold.add(event);
    },
  };
  await input.record(startEvent(input));
  let result: ExecuteOutcome = { outcome: 'done', succeeded: new Set(), failed: new Map(), open: [] };
  for (const stage of input.plan.stages) {
    await input.record({
      type: 'stage-start',
      run: input.run,
      stage: stage.name,
      goal: stage.goal,
      actions: stage.actions.length,
    });
    result = await execute({
      run: input.run,
      actions: stage.actions,
      ...kept(fold),
      concurrency: input.concurrency,
      clock: input.clock,
      spread: input.spread,
      record: input.record,
      perform: perform(performPorts(input)),
      mayStart: input.mayStart,
      soft: input.soft,
      hard: input.hard,
    });
    if (result.outcome !== 'done') break;
  }
  const summary = summarize(input.plan, result, {
    run: input.run,
    mode: input.mode,
    durationMs: input.clock.monotonic() - begun,
  });
  await input.record(summary.event);
  return summary;
};
