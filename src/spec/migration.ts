import { digest } from '../core/canonical.js';
import type { DroverError, DroverErrors, SourceLocation } from '../core/error.js';
import type { Files } from '../core/ports/files.js';
import { err, ok, type Result } from '../core/result.js';
import { FATAL } from './document.js';
import { migrationJsonSchema } from './fields.js';
import { issueErrors } from './issues.js';
import { parsePath } from './path.js';
import { type ClusterAccess, type MigrationSpec, migrationSchema } from './schema/migration.js';
import type { Environment } from './source/environment.js';
import { sourceText } from './source/text.js';
import { parseYaml, type YamlSource } from './source/yaml.js';
import { readSpecFile, type SpecFile } from './spec-file.js';

/** A migration after loading: defaults filled in, paths absolute. */
export interface Migration {
  readonly name: string;
  readonly spec: MigrationSpec;
  /** SHA-256 over what the spec means, hex; no paths of one machine. */
  readonly hash: string;
  readonly file: string;
  readonly locate: (path: string) => SourceLocation | undefined;
}

export interface LoadMigrationRequest {
  readonly file: string;
  readonly cwd: string;
  readonly files: Files;
  readonly env: Environment;
}

const wrongKind = (yaml: YamlSource): DroverError | undefined => {
  const { kind } = (yaml.value ?? {}) as { readonly kind?: unknown };
  return kind === 'Cluster'
    ? {
        code: 'spec-kind-cluster',
        message: 'this file describes a cluster; a migration is wanted here',
        location: yaml.locate(['kind']),
        state: 'nothing was done',
        hint: 'name a file of kind: Migration with -f',
      }
    : undefined;
};

const accessAt = (access: ClusterAccess, { beside }: SpecFile): ClusterAccess =>
  access.kubeconfig === undefined ? access : { ...access, kubeconfig: beside(access.kubeconfig).absolute };

const absolute = (spec: MigrationSpec, file: SpecFile): MigrationSpec => ({
  ...spec,
  ...(spec.source === undefined ? {} : { source: accessAt(spec.source, file) }),
  target: accessAt(spec.target, file),
  bundle: file.beside(spec.bundle).absolute,
  secrets: {
    ...spec.secrets,
    ...(spec.secrets.env === undefined ? {} : { env: file.beside(spec.secrets.env).absolute }),
  },
});

/** Reads a spec of `kind: Migration`; all problems at once, each with its place. */
export const loadMigration = async (
  request: LoadMigrationRequest,
): Promise<Result<Migration, DroverErrors>> => {
  const file = await readSpecFile(request.file, request.cwd, request.files);
  if (!file.ok) return err([file.error]);
  const yaml = parseYaml(sourceText(file.value.shown, file.value.text), request.env);
  const [fatal] = yaml.errors.filter(({ code }) => FATAL.has(code));
  if (fatal !== undefined) return err([fatal, ...yaml.errors.filter((error) => error !== fatal)]);
  const other = wrongKind(yaml);
  if (other !== undefined) return err([other]);
  const parsed = migrationSchema.safeParse(yaml.value);
  const errors = [
    ...yaml.errors,
    ...(parsed.success ? [] : issueErrors(yaml, parsed.error.issues, migrationJsonSchema())),
  ];
  const [first, ...rest] = errors.sort((a, b) => (a.location?.line ?? 0) - (b.location?.line ?? 0));
  if (first !== undefined) return err([first, ...rest]);
  const { metadata, spec } = migrationSchema.parse(yaml.value);
  return ok({
    name: metadata.name,
    spec: absolute(spec, file.value),
    hash: digest({ name: metadata.name, spec }),
    file: file.value.absolute,
    locate: (path) => yaml.locate(parsePath(path)),
  });
};
