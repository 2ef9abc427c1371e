import { type EnvFile, parseEnvFile } from '../../bundle/inputs/env-file.js';
import { inputSecrets, missingRequired } from '../../bundle/inputs/secrets.js';
import { editValue, type ValueEdit } from '../../bundle/store/edit.js';
import { openBundle, readObjects } from '../../bundle/store/read.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Migration } from '../../spec/migration.js';
import type { BundleTools } from './tools.js';

export interface SecretsReport {
  readonly secrets: number;
  readonly values: number;
  /** Secrets that come from outside, `namespace/name`. */
  readonly inputs: readonly string[];
}

const manyErrors = (errors: readonly DroverError[]): Result<never, DroverErrors> | undefined => {
  const [first, ...rest] = errors;
  return first === undefined ? undefined : err([first, ...rest]);
};

const readEnv = async (
  path: string | undefined,
  tools: BundleTools,
): Promise<Result<EnvFile | undefined, DroverError>> => {
  if (path === undefined) return ok(undefined);
  const text = await tools.files.read(path);
  if (!text.ok)
    return err({
      code: 'env-file',
      message: `the file of variables ${path} cannot be read`,
      cause: text.error.detail,
      state: 'nothing was done',
    });
  const file = parseEnvFile(path, text.value);
  for (const { line } of file.ignored)
    tools.emit({ type: 'note', level: 'warning', text: `${path}:${line} is a command; it was not executed` });
  return ok(file);
};

/** Secrets that the spec makes from the environment and its file of variables. */
export const secretInputs = async (
  { spec }: Migration,
  tools: BundleTools,
): Promise<Result<readonly KubeObject[], DroverErrors>> => {
  const file = await readEnv(spec.secrets.env, tools);
  if (!file.ok) return err([file.error]);
  const made = inputSecrets(spec.secrets, { env: tools.env, file: file.value });
  return made.ok ? made : (manyErrors(made.error) ?? ok([]));
};

/** Proves that a bundle is whole, that it opens, and that every value that the spec wants exists. */
export const checkSecrets = async (
  folder: string,
  migration: Migration | undefined,
  tools: BundleTools,
): Promise<Result<SecretsReport, DroverErrors>> => {
  const bundle = await openBundle(folder, tools.keyWrap([]));
  if (!bundle.ok) return err([bundle.error]);
  const objects = await readObjects(bundle.value);
  if (!objects.ok) return err([objects.error]);
  const secrets = objects.value.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Secret');
  const inputs = migration === undefined ? ok([]) : await secretInputs(migration, tools);
  const missing =
    migration === undefined
      ? []
      : missingRequired(migration.spec.secrets, [...secrets, ...(inputs.ok ? inputs.value : [])]);
  const failed = manyErrors([...(inputs.ok ? [] : inputs.error), ...missing]);
  if (failed !== undefined || !inputs.ok) return failed ?? ok({ secrets: 0, values: 0, inputs: [] });
  return ok({
    secrets: secrets.length,
    values: bundle.value.index.entries.reduce((sum, { sealed }) => sum + sealed, 0),
    inputs: inputs.value.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
  });
};

/** Changes one value in a bundle. */
export const editSecret = async (
  folder: string,
  edit: ValueEdit,
  tools: BundleTools,
): Promise<Result<void, DroverError>> => {
  const bundle = await openBundle(folder, tools.keyWrap([]));
  return bundle.ok ? editValue(bundle.value, edit, tools) : bundle;
};
