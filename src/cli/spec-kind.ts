import { sourceText } from '../spec/source/text.js';
import { parseYaml } from '../spec/source/yaml.js';
import { readSpecFile } from '../spec/spec-file.js';
import { systemFiles } from '../system/files.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

export const DEFAULT_SPEC = 'drover.yaml';

/**
 * What a command's spec describes, for commands that take both kinds. Whatever is wrong with a file that does not say
 * `kind: Migration` is told by the loader of clusters.
 */
export const specKind = async (
  { flags }: ParsedArguments,
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
): Promise<'Cluster' | 'Migration'> => {
  const file = await readSpecFile(textFlag(flags, 'file') ?? DEFAULT_SPEC, cwd, systemFiles);
  if (!file.ok) return 'Cluster';
  const { value } = parseYaml(sourceText(file.value.shown, file.value.text), env);
  const { kind } = (value ?? {}) as { readonly kind?: unknown };
  return kind === 'Migration' ? 'Migration' : 'Cluster';
};
