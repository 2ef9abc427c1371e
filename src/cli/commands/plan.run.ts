import type { DroverError, DroverErrors } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import { isEmpty } from '../../report/plan-text.js';
import { clusterSetup, planNow } from '../cluster-setup.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { listFlag } from '../lab-context.js';
import { migrationSetup, planMigrationNow } from '../migration-setup.js';
import { nextApply } from '../next-apply.js';
import { planFile } from '../plan-file.js';
import { planPrinted } from '../plan-printed.js';
import { savePlan } from '../save-plan.js';
import { specKind } from '../spec-kind.js';

interface Run {
  readonly args: ParsedArguments;
  readonly context: CommandContext;
  readonly out: string | undefined;
}

/** Saves and prints a plan that was made. */
const shown = async (
  made: Result<{ readonly plan: Plan }, DroverErrors>,
  command: 'apply' | 'restore',
  run: Run,
): Promise<CommandOutcome> => {
  if (!made.ok) return { errors: made.error };
  const { plan } = made.value;
  const { args, context, out } = run;
  const unsaved = await savePlan(plan, out, context.cwd);
  if (unsaved !== undefined) return { errors: [unsaved] };
  const next = nextApply(command, args, { realm: context.realm, out });
  context.print(planPrinted(plan, next, args, context));
  return { exit: args.flags['detailed-exitcode'] === true && !isEmpty(plan) ? 'changes' : 'ok' };
};

const nothingHeldBack: DroverError = {
  code: 'bad-usage',
  message: '--put-back is about what a restore held back, and this spec is of a cluster',
  state: 'nothing was done',
  hint: 'name the spec of the migration with -f',
};

const noHosts: DroverError = {
  code: 'bad-usage',
  message: '--limit names hosts, and a migration has none',
  state: 'nothing was done',
  hint: 'narrow spec.select instead',
};

const ofMigration = async (run: Run): Promise<CommandOutcome> => {
  const { args, context } = run;
  if (listFlag(args.flags, 'limit').length > 0) return { errors: [noHosts] };
  const setup = await migrationSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  return shown(await planMigrationNow(setup.value, args, context), 'restore', run);
};

const ofCluster = async (run: Run): Promise<CommandOutcome> => {
  const { args, context } = run;
  if (args.flags['put-back'] === true) return { errors: [nothingHeldBack] };
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  try {
    return await shown(await planNow(setup.value, args, context), 'apply', run);
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};

export const run: Handler = async (args, context) => {
  const file = planFile(args.flags);
  if (!file.ok) return { errors: [file.error] };
  const kind = await specKind(args, context);
  const asked = { args, context, out: file.value };
  return kind === 'Migration' ? ofMigration(asked) : ofCluster(asked);
};
