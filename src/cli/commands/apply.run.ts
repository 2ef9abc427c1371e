import { applyPlan, refuseStale } from '../../app/cluster/apply.js';
import type { MadePlan } from '../../app/cluster/plan-request.js';
import { replanFrom } from '../../app/cluster/replan.js';
import { resumeRun } from '../../app/cluster/resume.js';
import type { DroverErrors } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import { isEmpty, planText } from '../../report/plan-text.js';
import type { RunSummary } from '../../run/summary.js';
import { agree } from '../agree.js';
import { type ClusterSetup, clusterSetup, limited, planNow, stagesNow } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { goBack } from '../go-back.js';
import { textFlag } from '../lab-context.js';
import { readPlan } from '../read-plan.js';
import { exitOfRun, runOutcome } from '../run-exit.js';
import { runLimits } from '../run-limits.js';

/** What failed, not what was asked to stop; and a guard that says so itself. */
const shallGoBack = ({ event, failures, breach }: RunSummary, args: ParsedArguments): boolean =>
  breach?.decision === 'rollback' ||
  (args.flags['on-failure'] === 'rollback' &&
    (event.outcome === 'failed' || (event.outcome === 'stopped' && failures.length > 0)));

/** After a failure the way back is gone at once where that was asked for: it needs no second question. */
const ended = async (
  summary: Result<RunSummary, DroverErrors>,
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  if (!summary.ok || !shallGoBack(summary.value, args)) return runOutcome(summary);
  const agreed = { ...args, flags: { ...args.flags, yes: true } };
  const back = await goBack(summary.value.event.run, setup, agreed, context);
  if (!back.ok) return { exit: 'stopped', errors: back.error };
  const wentBack = back.value === undefined || back.value.event.outcome === 'rolled-back';
  return { exit: wentBack ? 'rolled-back' : exitOfRun(back.value) };
};

/** What a new run and a resumed one take from the same flags. */
const limits = (setup: ClusterSetup, args: ParsedArguments, context: CommandContext) => ({
  ...runLimits(args, context),
  replan: replanFrom((stage) => stagesNow(setup, stage, args, context)),
});

/** A saved plan that is about one part alone is compared with a new plan of that part. */
const sameParts = (args: ParsedArguments, saved: Plan | undefined): ParsedArguments =>
  saved?.only === undefined ? args : { ...args, flags: { ...args.flags, only: saved.only } };

const applyNow = async (
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const file = args.positionals[0];
  const saved = file === undefined ? undefined : await readPlan(context.cwd, file);
  if (saved?.ok === false) return { errors: saved.error };
  const planned = await planNow(setup, sameParts(args, saved?.value), context);
  if (!planned.ok) return { errors: planned.error };
  let made: MadePlan = planned.value;
  if (saved !== undefined) {
    if (saved.value.limit !== undefined) made = limited(made, saved.value.limit, setup);
    const stale = refuseStale(saved.value, made.plan);
    if (stale !== undefined) return { errors: [stale] };
  }
  const { plan, facts } = made;
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { full: args.flags['verbose'] === true }));
  if (isEmpty(plan)) return { exit: 'ok' };
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return { errors: [refused] };
  const request = {
    plan,
    facts,
    subject: setup.subject,
    ...limits(setup, args, context),
  };
  return ended(await applyPlan(request, setup.tools), setup, args, context);
};

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { tools, subject } = setup.value;
  const { resume } = args.flags;
  try {
    if (resume === undefined || resume === false) return await applyNow(setup.value, args, context);
    const request = {
      id: typeof resume === 'string' ? resume : undefined,
      mode: 'apply' as const,
      subject,
      accept: textFlag(args.flags, 'accept'),
      ...limits(setup.value, args, context),
    };
    return await ended(await resumeRun(request, tools), setup.value, args, context);
  } finally {
    await tools.instruments.dispose();
  }
};
