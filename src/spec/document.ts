import type { DroverError } from '../core/error.js';
import { issueErrors } from './issues.js';
import { type ClusterSpec, clusterSchema, type SectionName, sections } from './schema/cluster.js';
import type { YamlSource } from './source/yaml.js';

/** A document after the schema: the sections that are valid, and what is wrong with the others. */
export interface CheckedDocument {
  readonly name: string | undefined;
  readonly sections: Partial<ClusterSpec>;
  readonly valid: ReadonlySet<SectionName>;
  readonly errors: readonly DroverError[];
}

/** Problems after which nothing else can be said about a document. */
export const FATAL = new Set([
  'spec-yaml-syntax',
  'spec-yaml-tab',
  'spec-yaml-alias',
  'spec-empty',
  'spec-several-documents',
]);

const refused = (errors: readonly DroverError[]): CheckedDocument => ({
  name: undefined,
  sections: {},
  valid: new Set(),
  errors,
});

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const headErrors = (yaml: YamlSource): readonly DroverError[] => {
  if (!isMapping(yaml.value))
    return [{ code: 'spec-wrong-value', message: 'the spec: expected a mapping', location: yaml.locate([]) }];
  const { apiVersion, kind } = yaml.value;
  if (kind === 'Migration')
    return [
      {
        code: 'spec-kind-migration',
        message: 'this file describes a migration; a cluster is wanted here',
        location: yaml.locate(['kind']),
        state: 'nothing was done',
        hint: 'drover export, plan and restore read it; other commands want kind: Cluster',
      },
    ];
  const errors: DroverError[] = [];
  if (apiVersion !== undefined && apiVersion !== 'drover/v1')
    errors.push({
      code: 'spec-api-version',
      message: 'this version of Drover reads apiVersion: drover/v1',
      location: yaml.locate(['apiVersion']),
      hint: 'write drover/v1',
    });
  if (kind !== undefined && kind !== 'Cluster')
    errors.push({
      code: 'spec-kind',
      message: 'this kind of document is unknown',
      location: yaml.locate(['kind']),
      hint: 'write kind: Cluster',
    });
  return errors;
};

/** A value that is wrong only because its variable is missing was told already. */
const isNew =
  (told: readonly DroverError[]) =>
  ({ location }: DroverError): boolean =>
    !told.some((one) => one.location?.line === location?.line && one.location?.column === location?.column);

/** Checks the whole document, and every section by itself so that one bad section does not hide the problems of others. */
export const checkDocument = (yaml: YamlSource): CheckedDocument => {
  if (yaml.errors.some(({ code }) => FATAL.has(code))) return refused(yaml.errors);
  const head = headErrors(yaml);
  if (head.length > 0) return refused([...yaml.errors, ...head]);
  const whole = clusterSchema.safeParse(yaml.value);
  const names = Object.keys(sections) as SectionName[];
  if (whole.success) {
    const { metadata, spec } = whole.data;
    return { name: metadata.name, sections: spec, valid: new Set(names), errors: yaml.errors };
  }
  const { spec } = yaml.value as { readonly spec?: unknown };
  const parsed = names.map((name) => {
    const result = sections[name].safeParse(isMapping(spec) ? spec[name] : undefined);
    return { name, result };
  });
  const good = parsed.filter(({ result }) => result.success);
  return {
    name: undefined,
    sections: Object.fromEntries(good.map(({ name, result }) => [name, result.data])),
    valid: new Set(good.map(({ name }) => name)),
    errors: [...yaml.errors, ...issueErrors(yaml, whole.error.issues).filter(isNew(yaml.errors))],
  };
};
