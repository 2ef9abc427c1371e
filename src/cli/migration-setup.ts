import { liveFolderOf } from '../app/bundle/open-source.js';
import { type MadeMigrationPlan, planMigration } from '../app/bundle/plan-migration.js';
import type { BundleTools } from '../app/bundle/tools.js';
import { bundleTools } from '../app/bundle/wiring.js';
import type { DroverErrors } from '../core/error.js';
import { realmName } from '../core/realm.js';
import { err, ok, type Result } from '../core/result.js';
import type { Migration } from '../spec/migration.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { growFrugally } from './frugal-heap.js';
import { listFlag, textFlag } from './lab-context.js';
import { readMigration } from './load-migration.js';
import { DEFAULT_SPEC } from './spec-kind.js';

/** What commands that plan or restore a migration start from. */
export interface MigrationSetup {
  readonly migration: Migration;
  readonly tools: BundleTools;
}

/** Reads the spec and opens the operator's identity. */
export const migrationSetup = async (
  { flags }: ParsedArguments,
  context: CommandContext,
): Promise<Result<MigrationSetup, DroverErrors>> => {
  const migration = await readMigration(textFlag(flags, 'file') ?? DEFAULT_SPEC, context);
  if (!migration.ok) return migration;
  growFrugally();
  const tools = await bundleTools(context);
  return tools.ok ? ok({ migration: migration.value, tools: tools.value }) : err([tools.error]);
};

/** Carries, asks the target, and plans. */
export const planMigrationNow = (
  { migration, tools }: MigrationSetup,
  args: ParsedArguments,
  { realm, paths }: CommandContext,
): Promise<Result<MadeMigrationPlan, DroverErrors>> =>
  planMigration(
    {
      migration,
      realm: realmName(realm),
      liveFolder: liveFolderOf(paths.stateDir, migration.name),
      ignore: listFlag(args.flags, 'ignore'),
      putBack: args.flags['put-back'] === true,
    },
    tools,
  );
