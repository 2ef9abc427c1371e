import type { MadeMigrationPlan } from '../app/bundle/plan-migration.js';
import type { MigrationTools } from '../app/migration/tools.js';
import { migrationTools } from '../app/migration/wiring.js';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { Migration } from '../spec/migration.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { growFrugally } from './frugal-heap.js';
import { textFlag } from './lab-context.js';
import { readMigration } from './load-migration.js';
import { planMigrationNow } from './migration-setup.js';
import { DEFAULT_SPEC } from './spec-kind.js';

/** What commands that run plans of a migration start from. */
export interface RestoreSetup {
  readonly migration: Migration;
  readonly tools: MigrationTools;
}

/** Reads the spec and opens everything that running needs. */
export const restoreSetup = async (
  { flags }: ParsedArguments,
  context: CommandContext,
): Promise<Result<RestoreSetup, DroverErrors>> => {
  const migration = await readMigration(textFlag(flags, 'file') ?? DEFAULT_SPEC, context);
  if (!migration.ok) return migration;
  growFrugally();
  const tools = await migrationTools({ ...context, migration: migration.value, hard: context.hard() });
  return tools.ok ? ok({ migration: migration.value, tools: tools.value }) : err([tools.error]);
};

/** Carries, asks the target, and plans. Objects are dropped again: a run reads them one by one. */
export const planRestore = async (
  { migration, tools }: RestoreSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<MadeMigrationPlan['plan'], DroverErrors>> => {
  const made = await planMigrationNow({ migration, tools: tools.bundle }, args, context);
  return made.ok ? ok(made.value.plan) : made;
};
