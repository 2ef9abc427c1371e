import { resumeRun } from '../../app/cluster/resume.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, type Result } from '../../core/result.js';
import type { RunSummary } from '../../run/summary.js';
import { type ClusterSetup, clusterSetup } from '../cluster-setup.js';
import type { CommandContext, Handler, ParsedArguments } from '../command.js';
import { goBack } from '../go-back.js';
import { textFlag } from '../lab-context.js';
import { exitOfRun } from '../run-exit.js';
import { runLimits } from '../run-limits.js';

const planIsMade: DroverError = {
  code: 'bad-usage',
  message:
    '--resume goes on with the plan that was agreed to; --overwrite and --leave-damaged make another one',
  state: 'nothing was changed',
  hint: 'drover rollback RUN, with what shall be different',
};

const goOn = async (
  { subject, tools }: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<RunSummary, DroverErrors>> => {
  if (args.flags['overwrite'] === true || args.flags['leave-damaged'] === true) return err([planIsMade]);
  const id = textFlag(args.flags, 'resume') ?? args.positionals[0];
  return resumeRun({ id, mode: 'rollback', subject, ...runLimits(args, context) }, tools);
};

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const resumed = args.flags['resume'] !== undefined && args.flags['resume'] !== false;
  try {
    const ended = resumed
      ? await goOn(setup.value, args, context)
      : await goBack(args.positionals[0], setup.value, args, context);
    if (!ended.ok) return { errors: ended.error };
    return { exit: ended.value === undefined ? 'ok' : exitOfRun(ended.value) };
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};
