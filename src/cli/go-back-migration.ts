import { makeMigrationRollback } from '../app/migration/rollback.js';
import { runMigration } from '../app/migration/run.js';
import type { DroverErrors } from '../core/error.js';
import { ok, type Result } from '../core/result.js';
import type { RunSummary } from '../run/summary.js';
import { agreeToGoBack } from './agree-to-go-back.js';
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
  const agreed = await agreeToGoBack(made.value, args, context);
  if (!agreed.ok) return agreed;
  if (!agreed.value) return ok(undefined);
  const { plan, holder } = made.value;
  const limits = runLimits(args, context);
  return runMigration(migration, { plan, ...limits, breakRun: limits.breakRun ?? holder }, tools);
};
