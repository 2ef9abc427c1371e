import { type Action, actionSchema, type Plan } from '../plan/model.js';
import type { JournalLine } from './journal-line.js';
import { modeOf, resumeCommand } from './mode.js';
import type { RunProgress } from './progress.js';

/** Where a run stands, from its journal alone. */
export interface RunStatus {
  readonly run: string;
  readonly cluster: string;
  readonly realm: string;
  readonly operator: string;
  /** ISO 8601. */
  readonly begun: string;
  /** When the journal last grew. */
  readonly lastAt: string;
  /** `open`: it goes on somewhere, or its process is gone; resuming it finds out. */
  readonly outcome: NonNullable<RunProgress['outcome']> | 'open';
  readonly actions: number;
  readonly done: number;
  /** Started, and not ended yet. */
  readonly running: readonly { readonly action: string; readonly attempts: number }[];
  readonly failed: readonly { readonly action: string; readonly message: string }[];
  readonly waiting: number;
  readonly next?: string;
}

/** The actions of all stages, also of those that were planned when they started. */
const actionsOf = (plan: Plan, { planned }: RunProgress): Action[] =>
  plan.stages.flatMap((stage) => {
    const later = planned.get(stage.name);
    return later === undefined ? stage.actions : later.map((action) => actionSchema.parse(action));
  });

export interface KnownRun {
  readonly id: string;
  readonly plan: Plan;
  readonly lines: readonly JournalLine[];
  readonly progress: RunProgress;
}

export const statusOf = ({ id, plan, lines, progress }: KnownRun): RunStatus => {
  const all = actionsOf(plan, progress);
  const states = all.map(({ id: action }) => ({ action, progress: progress.actions.get(action) }));
  const failed = states.flatMap(({ action, progress: at }) =>
    at?.state === 'failed' ? [{ action, message: at.message }] : [],
  );
  const open = states.flatMap(({ action, progress: at }) =>
    at?.state === 'open' ? [{ action, attempts: at.attempts }] : [],
  );
  const done = states.filter(({ progress: at }) => at?.state === 'done').length;
  const last = lines.at(-1);
  const unfinished = progress.outcome !== 'done' && progress.outcome !== 'rolled-back';
  return {
    run: id,
    cluster: plan.cluster.name,
    realm: plan.realm,
    operator: progress.start?.operator ?? '',
    begun: lines[0]?.at ?? '',
    lastAt: last?.at ?? '',
    outcome: progress.outcome ?? 'open',
    actions: all.length,
    done,
    running: open,
    failed,
    waiting: all.length - done - failed.length - open.length,
    ...(unfinished ? { next: resumeCommand(modeOf(plan), { run: id }) } : {}),
  };
};
