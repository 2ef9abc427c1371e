import { applyPlan, refuseStale, resumeRun } from '../../app/cluster/apply.js';
import type { MadePlan } from '../../app/cluster/make-plan.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { ExitReason } from '../../core/exit-codes.js';
import type { Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import { isEmpty, planText } from '../../report/plan-text.js';
import type { RunSummary } from '../../run/summary.js';
import { type ClusterSetup, clusterSetup, planNow } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { textFlag } from '../lab-context.js';
import { readPlan } from '../read-plan.js';

const EXITS: Readonly<Record<RunSummary['event']['outcome'], ExitReason>> = {
  done: 'ok',
  'rolled-back': 'rolled-back',
  stopped: 'stopped',
  failed: 'stopped',
  paused: 'paused',
};

const outcomeOf = (summary: Result<RunSummary, DroverErrors>): CommandOutcome =>
  summary.ok ? { exit: EXITS[summary.value.event.outcome] } : { errors: summary.error };

const irreversible = (plan: Plan): boolean =>
  plan.stages.some(({ actions }) => actions.some(({ undo }) => undo.kind === 'irreversible'));

const unconfirmed = (message: string, hint: string): DroverError => ({
  code: 'plan-confirmation',
  message,
  state: 'nothing was changed',
  hint,
});

/** Asks where questions may be asked; elsewhere the flags must say it. */
const agree = async (
  plan: Plan,
  args: ParsedArguments,
  context: CommandContext,
): Promise<DroverError | undefined> => {
  const name = `${plan.realm}/${plan.cluster.name}`;
  const { confirm, isCancel, text } = await import('@clack/prompts');
  if (irreversible(plan)) {
    const given =
      textFlag(args.flags, 'confirm') ??
      (context.interactive
        ? await text({ message: `Some of this cannot be taken back. Type ${name} to go on.` })
        : undefined);
    return given === name
      ? undefined
      : unconfirmed('the plan has actions that cannot be taken back', `--confirm ${name}`);
  }
  if (args.flags['yes'] === true) return undefined;
  if (!context.interactive)
    return unconfirmed('nobody can be asked here', '--yes applies the plan without asking');
  const answer = await confirm({ message: `Apply this to ${name}?` });
  return isCancel(answer) || !answer
    ? unconfirmed('it was not agreed to', 'run the command again')
    : undefined;
};

const applyNow = async (
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const made: Result<MadePlan, DroverErrors> = await planNow(setup, args, context);
  if (!made.ok) return { errors: made.error };
  const { plan, facts } = made.value;
  const file = args.positionals[0];
  if (file !== undefined) {
    const saved = await readPlan(context.cwd, file);
    if (!saved.ok) return { errors: saved.error };
    const stale = refuseStale(saved.value, plan);
    if (stale !== undefined) return { errors: [stale] };
  }
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { next: 'drover apply', full: args.flags['verbose'] === true }));
  if (isEmpty(plan)) return { exit: 'ok' };
  const refused = await agree(plan, args, context);
  if (refused !== undefined) return { errors: [refused] };
  const request = {
    plan,
    facts,
    subject: setup.subject,
    concurrency: Number(textFlag(args.flags, 'concurrency') ?? 32),
    breakRun: textFlag(args.flags, 'break-lock'),
  };
  return outcomeOf(await applyPlan(request, setup.tools));
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
      subject,
      concurrency: Number(textFlag(args.flags, 'concurrency') ?? 32),
      breakRun: textFlag(args.flags, 'break-lock'),
    };
    return outcomeOf(await resumeRun(request, tools));
  } finally {
    await tools.instruments.dispose();
  }
};
