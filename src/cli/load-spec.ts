import type { DroverErrors } from '../core/error.js';
import type { Result } from '../core/result.js';
import { type LoadedCluster, loadCluster } from '../spec/load-cluster.js';
import { systemClock } from '../system/clock.js';
import { systemFiles } from '../system/files.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

/** Loads the spec that `--file` names; its warnings go out as diagnostics. */
export const loadSpec = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<LoadedCluster, DroverErrors>> => {
  const file = textFlag(args.flags, 'file') ?? 'drover.yaml';
  const { cwd, env } = context;
  const loaded = await loadCluster({ file, cwd, env, files: systemFiles, clock: systemClock });
  for (const error of loaded.warnings) context.emit({ type: 'diagnostic', severity: 'warning', error });
  return loaded;
};
