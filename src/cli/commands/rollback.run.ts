import { resumeRun } from '../../app/cluster/resume.js';
import { resumeMigration } from '../../app/migration/run.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, type Result } from '../../core/result.js';
import type { RunSummary } from '../../run/summary.js';
import { type ClusterSetup, clusterSetup } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { goBack } from '../go-back.js';
import { goBackMigration } from '../go-back-migration.js';
import { textFlag } from '../lab-context.js';
import { restoreSetup } from '../restore-setup.js';
import { exitOfRun } from '../run-exit.js';
import { runLimits } from '../run-limits.js';
import { specKind } from '../spec-kind.js';

const planIsMade: DroverError = {
  code: 'bad-usage',
  message:
    '--resume goes on with the plan that was agreed to; --overwrite, --leave-damaged and --only make another one',
  state: 'nothing was changed',
  hint: 'drover rollback RUN, with what shall be different',
};

const noSets: DroverError = {
  code: 'bad-usage',
  message: '--only names an object set, and a migration has none',
  state: 'nothing was changed',
  hint: 'take the whole restore back: drover rollback',
};

const makesAnother = ({ flags }: ParsedArguments): boolean =>
  flags['overwrite'] === true || flags['leave-damaged'] === true || flags['only'] !== undefined;

const isResumed = ({ flags }: ParsedArguments): boolean =>
  flags['resume'] !== undefined && flags['resume'] !== false;

const outcomeOf = (ended: Result<RunSummary | undefined, DroverErrors>): CommandOutcome =>
  ended.ok ? { exit: ended.value === undefined ? 'ok' : exitOfRun(ended.value) } : { errors: ended.error };

const goOn = async (
  { subject, tools }: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<RunSummary, DroverErrors>> => {
  if (makesAnother(args)) return err([planIsMade]);
  const id = textFlag(args.flags, 'resume') ?? args.positionals[0];
  return resumeRun({ id, mode: 'rollback', subject, ...runLimits(args, context) }, tools);
};

const ofCluster: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  try {
    const ended = isResumed(args)
      ? await goOn(setup.value, args, context)
      : await goBack(args.positionals[0], setup.value, args, context);
    return outcomeOf(ended);
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};

const ofMigration: Handler = async (args, context) => {
  const setup = await restoreSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { migration, tools } = setup.value;
  if (args.flags['only'] !== undefined) return { errors: [noSets] };
  if (!isResumed(args))
    return outcomeOf(await goBackMigration(args.positionals[0], setup.value, args, context));
  if (makesAnother(args)) return { errors: [planIsMade] };
  const id = textFlag(args.flags, 'resume') ?? args.positionals[0];
  return outcomeOf(
    await resumeMigration(migration, { id, mode: 'rollback', ...runLimits(args, context) }, tools),
  );
};

export const run: Handler = async (args, context) =>
  (await specKind(args, context)) === 'Migration' ? ofMigration(args, context) : ofCluster(args, context);
