import { makeRollback, runRollback } from '../app/cluster/rollback.js';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { isEmpty, planText } from '../report/plan-text.js';
import type { RunSummary } from '../run/summary.js';
import { agree } from './agree.js';
import type { ClusterSetup } from './cluster-setup.js';
import type { CommandContext, ParsedArguments } from './command.js';
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
    { id: run, cluster: cluster.name, subject, overwrite, leaveDamaged },
    tools,
  );
  if (!made.ok) return made;
  const { plan } = made.value;
  if (isEmpty(plan)) {
    context.print(`Nothing to take back: everything that run ${made.value.run} changed is as it was.\n`);
    return ok(undefined);
  }
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { full: args.flags['verbose'] === true }));
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return err([refused]);
  return runRollback({ made: made.value, subject, ...runLimits(args, context) }, tools);
};
