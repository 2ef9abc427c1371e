import { makeRollback, runRollback } from '../../app/cluster/rollback.js';
import type { ExitReason } from '../../core/exit-codes.js';
import { isEmpty, planText } from '../../report/plan-text.js';
import type { RunSummary } from '../../run/summary.js';
import { agree } from '../agree.js';
import { type ClusterSetup, clusterSetup } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { textFlag } from '../lab-context.js';

const EXITS: Readonly<Record<RunSummary['event']['outcome'], ExitReason>> = {
  done: 'ok',
  'rolled-back': 'ok',
  stopped: 'stopped',
  failed: 'stopped',
  paused: 'paused',
};

const goBack = async (
  { tools, subject, cluster }: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const made = await makeRollback(
    {
      id: args.positionals[0],
      cluster: cluster.name,
      subject,
      overwrite: args.flags['overwrite'] === true,
    },
    tools,
  );
  if (!made.ok) return { errors: made.error };
  const { plan, run } = made.value;
  if (isEmpty(plan)) {
    context.print(`Nothing to take back: everything that run ${run} changed is as it was.\n`);
    return { exit: 'ok' };
  }
  const style = { ...context.style, unicode: true };
  const next = `drover rollback ${run}`;
  context.print(planText(style, plan, { next, full: args.flags['verbose'] === true }));
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return { errors: [refused] };
  const ended = await runRollback(
    {
      made: made.value,
      subject,
      concurrency: Number(textFlag(args.flags, 'concurrency') ?? 32),
      breakRun: textFlag(args.flags, 'break-lock'),
    },
    tools,
  );
  return ended.ok ? { exit: EXITS[ended.value.event.outcome] } : { errors: ended.error };
};

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  try {
    return await goBack(setup.value, args, context);
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};
