import { makeRollback, runRollback } from '../app/cluster/rollback.js';
import type { DroverErrors } from '../core/error.js';
import { ok, type Result } from '../core/result.js';
import type { RunSummary } from '../run/summary.js';
import { agreeToGoBack } from './agree-to-go-back.js';
import type { ClusterSetup } from './cluster-setup.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';
import { runLimits } from './run-limits.js';

/** Plans the way back of a run, shows it, asks, and goes it. Undefined = there was nothing to take back. */
export const goBack = async (
  run: string | undefined,
  { tools, subject, cluster }: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<RunSummary | undefined, DroverErrors>> => {
  const overwrite = args.flags['overwrite'] === true;
  const leaveDamaged = args.flags['leave-damaged'] === true;
  const made = await makeRollback(
    { id: run, cluster: cluster.name, subject, overwrite, leaveDamaged, only: textFlag(args.flags, 'only') },
    tools,
  );
  if (!made.ok) return made;
  const agreed = await agreeToGoBack(made.value, args, context);
  if (!agreed.ok) return agreed;
  if (!agreed.value) return ok(undefined);
  return runRollback({ made: made.value, subject, ...runLimits(args, context) }, tools);
};
