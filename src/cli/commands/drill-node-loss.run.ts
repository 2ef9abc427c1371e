import { beginRun } from '../../app/cluster/begin-run.js';
import { hostsOfPlan } from '../../app/cluster/leaving-hosts.js';
import { makeDrillPlan } from '../../app/cluster/make-drill-plan.js';
import { parseDuration } from '../../core/duration.js';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import { planText } from '../../report/plan-text.js';
import type { RunSummary } from '../../run/summary.js';
import { agree } from '../agree.js';
import { type ClusterSetup, clusterSetup } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { goBack } from '../go-back.js';
import { textFlag } from '../lab-context.js';
import { exitOfRun } from '../run-exit.js';
import { runLimits } from '../run-limits.js';

const secondsOf = (args: ParsedArguments, flag: string): Result<number, DroverError> => {
  const text = textFlag(args.flags, flag) ?? '';
  const ms = parseDuration(text);
  return ms === undefined
    ? err({
        code: 'bad-usage',
        message: `--${flag} takes a time such as 90s or 10m, not '${text}'`,
        state: 'nothing was done',
      })
    : ok(Math.ceil(ms / 1000));
};

const NO_HOST: DroverError = {
  code: 'bad-usage',
  message: 'which node shall be lost?',
  state: 'nothing was done',
  hint: 'drover drill node-loss --host HOST',
};

/** Whatever went wrong, the node comes back: that was agreed to with the drill itself. */
const backAgain = async (
  { event }: RunSummary,
  plan: Plan,
  setup: ClusterSetup,
  { args, context }: { readonly args: ParsedArguments; readonly context: CommandContext },
): Promise<CommandOutcome> => {
  const confirm = `${plan.realm}/${plan.cluster.name}`;
  const agreed = { ...args, flags: { ...args.flags, yes: true, confirm } };
  const back = await goBack(event.run, setup, agreed, context);
  if (!back.ok) return { exit: 'stopped', errors: back.error };
  const isBack = back.value === undefined || back.value.event.outcome === 'rolled-back';
  return { exit: isBack ? 'rolled-back' : exitOfRun(back.value) };
};

const drill = async (
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const [budget, outage] = [secondsOf(args, 'budget'), secondsOf(args, 'outage')];
  if (!budget.ok) return { errors: [budget.error] };
  if (!outage.ok) return { errors: [outage.error] };
  const host = textFlag(args.flags, 'host');
  if (host === undefined) return { errors: [NO_HOST] };
  const { cluster, subject, tools } = setup;
  const made = await makeDrillPlan(
    {
      cluster,
      subject,
      timeoutMs: 60_000,
      host,
      budgetSeconds: budget.value,
      outageSeconds: outage.value,
      outOfService: args.flags['out-of-service'] === true,
    },
    tools,
  );
  if (!made.ok) return { errors: made.error };
  const { plan, facts } = made.value;
  context.print(
    planText({ ...context.style, unicode: true }, plan, { full: args.flags['verbose'] === true }),
  );
  if (args.flags['dry-run'] === true) return { exit: 'ok' };
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return { errors: [refused] };
  const limits = { ...runLimits(args, context), concurrency: 1, cutOnBreach: true };
  const hosts = hostsOfPlan(subject, plan, tools.realm);
  const ran = await beginRun({ plan, facts, hosts, ...limits }, tools);
  if (!ran.ok) return { errors: ran.error };
  if (ran.value.event.outcome === 'done') return { exit: 'ok' };
  return backAgain(ran.value, plan, setup, { args, context });
};

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  try {
    return await drill(setup.value, args, context);
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};
