import type { DroverErrors } from '../core/error.js';
import type { Result } from '../core/result.js';
import { loadMigration, type Migration } from '../spec/migration.js';
import { systemFiles } from '../system/files.js';
import type { CommandContext } from './command.js';

/** Loads a spec of kind Migration. */
export const readMigration = (
  file: string,
  { cwd, env }: CommandContext,
): Promise<Result<Migration, DroverErrors>> => loadMigration({ file, cwd, env, files: systemFiles });
