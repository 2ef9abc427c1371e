import type { Json } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';
import type { Clock } from '../core/ports/clock.js';
import type { Result } from '../core/result.js';
import type { Action, Guard, Plan, Stage } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';
import type { AnyGuard, GuardContext } from '../steps/guard.js';
import { type ExecuteOutcome, execute } from './execute.js';
import { type Breach, openGuards } from './guards.js';
import { itemLog } from './item-log.js';
import { type RunMode, resumeCommand } from './mode.js';
import { type PerformPorts, perform } from './perform.js';
import { foldRun, type RunFold } from './progress.js';
import { type StartedStage, startStage } from './stages.js';
import { type RunSummary, type StageResult, summarize } from './summary.js';

export interface RunInput {
  readonly run: string;
  readonly mode: RunMode;
  /** Spec that commands about this run must name; absent = the default one. */
  readonly spec?: string | undefined;
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
  readonly ports: Omit<PerformPorts, 'run' | 'clock' | 'checkpoint' | 'former' | 'progress' | 'items'>;
  readonly guards: {
    readonly kind: (id: string) => AnyGuard | undefined;
    readonly context: (guard: Guard, signal: AbortSignal) => GuardContext;
  };
  /** Plans a later stage from fresh facts and the outputs of what has run (fixed point b). */
  readonly replan: (
    stage: Stage,
    outputs: ReadonlyMap<string, Readonly<Record<string, Json>>>,
  ) => Promise<Result<readonly Action[], StepFailure>>;
  /** Digest of what lies outside an envelope and was agreed to. */
  readonly accept?: string | undefined;
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
  run: input.run,
  clock: input.clock,
  items: (action, memory) => itemLog(input, action, memory),
  checkpoint: (action, value) =>
    input.record({ type: 'action-checkpoint', run: input.run, action, value: value as never }),
  former: (action, state) =>
    input.record({
      type: 'action-checkpoint',
      run: input.run,
      action,
      value: state as never,
      former: true,
    }),
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

const stageEvent = (run: string, stage: Stage, { actions, fresh, accepted }: StartedStage): RunEvent => ({
  type: 'stage-start',
  run,
  stage: stage.name,
  goal: stage.goal,
  actions: actions.length,
  ...(fresh ? { planned: actions as never } : {}),
  ...(accepted === undefined ? {} : { accepted }),
});

const tellBreach =
  (input: RunInput) =>
  ({ guard, detail }: Breach): Promise<void> =>
    input.record({
      type: 'guard-breach',
      run: input.run,
      guard: guard.id,
      detail,
      decision: guard.onBreach,
    });

const runActions = async (
  input: RunInput,
  fold: RunFold,
  stage: Stage,
  actions: readonly Action[],
): Promise<{ readonly outcome: ExecuteOutcome; readonly breach: Breach | undefined }> => {
  const memory = kept(fold);
  const performing = performPorts(input);
  const guards = openGuards({
    guards: stage.guards ?? [],
    actions: actions.flatMap(({ id }) => (memory.succeeded.has(id) ? [] : [id])),
    ...input.guards,
    clock: input.clock,
    onBreach: tellBreach(input),
  });
  let told = stage.guards === undefined || stage.guards.length === 0;
  const enter = (action: string): Promise<void> => {
    if (!told) performing.progress(action, undefined, 'waiting until the guards look');
    told = true;
    return guards.enter(action);
  };
  try {
    const outcome = await execute({
      run: input.run,
      actions,
      ...memory,
      concurrency: input.concurrency,
      clock: input.clock,
      spread: input.spread,
      record: input.record,
      perform: perform(performing),
      mayStart: input.mayStart,
      guards: { ...guards, enter },
      soft: input.soft,
      hard: input.hard,
    });
    return { outcome, breach: guards.breach() };
  } finally {
    await guards.stop();
  }
};

const runStage = async (input: RunInput, fold: RunFold, stage: Stage): Promise<StageResult> => {
  const started = await startStage({
    resume: resumeCommand(input.mode, input),
    stage,
    planned: fold.progress().planned.get(stage.name),
    replan: (each) => input.replan(each, kept(fold).succeeded),
    accept: input.accept,
  });
  if (!started.ok) return { stage: stage.name, actions: undefined, refusal: started.error };
  const { actions } = started.value;
  await input.record(stageEvent(input.run, stage, started.value));
  const { outcome, breach } = await runActions(input, fold, stage, actions);
  return { stage: stage.name, actions, outcome, breach };
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
  const results: StageResult[] = [];
  for (const stage of input.plan.stages) {
    const result = await runStage(input, fold, stage);
    results.push(result);
    if (result.outcome?.outcome !== 'done') break;
  }
  const summary = summarize(input.plan, results, {
    run: input.run,
    spec: input.spec,
    mode: input.mode,
    durationMs: input.clock.monotonic() - begun,
  });
  await input.record(summary.event);
  return summary;
};
