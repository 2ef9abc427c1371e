import { refuseStale } from '../../app/cluster/apply.js';
import { resumeMigration, runMigration } from '../../app/migration/run.js';
import type { DroverErrors } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import { isEmpty, planText } from '../../report/plan-text.js';
import type { RunSummary } from '../../run/summary.js';
import { agree } from '../agree.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { goBackMigration } from '../go-back-migration.js';
import { readPlan } from '../read-plan.js';
import { planRestore, type RestoreSetup, restoreSetup } from '../restore-setup.js';
import { exitOfRun, runOutcome } from '../run-exit.js';
import { runLimits } from '../run-limits.js';

/** What failed, not what was asked to stop. */
const shallGoBack = ({ event, failures }: RunSummary, { flags }: ParsedArguments): boolean =>
  flags['on-failure'] === 'rollback' &&
  (event.outcome === 'failed' || (event.outcome === 'stopped' && failures.length > 0));

/** After a failure the way back is gone at once where that was asked for: it needs no second question. */
const ended = async (
  summary: Result<RunSummary, DroverErrors>,
  setup: RestoreSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  if (!summary.ok || !shallGoBack(summary.value, args)) return runOutcome(summary);
  const agreed = { ...args, flags: { ...args.flags, yes: true } };
  const back = await goBackMigration(summary.value.event.run, setup, agreed, context);
  if (!back.ok) return { exit: 'stopped', errors: back.error };
  const wentBack = back.value === undefined || back.value.event.outcome === 'rolled-back';
  return { exit: wentBack ? 'rolled-back' : exitOfRun(back.value) };
};

const restoreNow = async (
  setup: RestoreSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const planned = await planRestore(setup, args, context);
  if (!planned.ok) return { errors: planned.error };
  const plan = planned.value;
  const file = args.positionals[0];
  if (file !== undefined) {
    const saved = await readPlan(context.cwd, file);
    if (!saved.ok) return { errors: saved.error };
    const stale = refuseStale(saved.value, plan);
    if (stale !== undefined) return { errors: [stale] };
  }
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { full: args.flags['verbose'] === true }));
  if (isEmpty(plan)) return { exit: 'ok' };
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return { errors: [refused] };
  const summary = await runMigration(setup.migration, { plan, ...runLimits(args, context) }, setup.tools);
  return ended(summary, setup, args, context);
};

export const run: Handler = async (args, context) => {
  const setup = await restoreSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { migration, tools } = setup.value;
  const { resume } = args.flags;
  if (resume === undefined || resume === false) return restoreNow(setup.value, args, context);
  const id = typeof resume === 'string' ? resume : undefined;
  const request = { id, mode: 'restore' as const, ...runLimits(args, context) };
  return ended(await resumeMigration(migration, request, tools), setup.value, args, context);
};
