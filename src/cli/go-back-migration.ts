import { makeMigrationRollback } from '../app/migration/rollback.js';
import { runMigration } from '../app/migration/run.js';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { isEmpty, planText } from '../report/plan-text.js';
import type { RunSummary } from '../run/summary.js';
import { agree } from './agree.js';
import type { CommandContext, ParsedArguments } from './command.js';
import type { RestoreSetup } from './restore-setup.js';
import { runLimits } from './run-limits.js';

/** Plans the way back of a restore, shows it, asks, and goes it. Undefined = there was nothing to take back. */
export const goBackMigration = async (
  run: string | undefined,
  { migration, tools }: RestoreSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<RunSummary | undefined, DroverErrors>> => {
  const overwrite = args.flags['overwrite'] === true;
  const made = await makeMigrationRollback(migration, { id: run, overwrite }, tools);
  if (!made.ok) return made;
  const { plan, holder } = made.value;
  if (isEmpty(plan)) {
    context.print(`Nothing to take back: everything that run ${made.value.run} changed is as it was.\n`);
    return ok(undefined);
  }
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { full: args.flags['verbose'] === true }));
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return err([refused]);
  const limits = runLimits(args, context);
  return runMigration(migration, { plan, ...limits, breakRun: limits.breakRun ?? holder }, tools);
};
