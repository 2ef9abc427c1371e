import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import {
  alternatives,
  clusterJsonSchema,
  type JsonSchema,
  keysAt,
  migrationJsonSchema,
  schemasAt,
} from './fields.js';
import { formatPath, type Path, parsePath } from './path.js';

export interface Field {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Kinds of documents whose keys can be explained. */
export type DocumentKind = 'Cluster' | 'Migration';

const ROOTS: Readonly<Record<DocumentKind, () => JsonSchema>> = {
  Cluster: clusterJsonSchema,
  Migration: migrationJsonSchema,
};

const isList = (path: Path, root: JsonSchema): boolean =>
  schemasAt(path, root)
    .flatMap(alternatives)
    .some(({ type }) => type === 'array');

/** Puts an index behind every list that the path passes, so that `hosts.role` means `hosts[0].role`. */
const withIndices = (path: Path, root: JsonSchema): Path =>
  path.reduce<Path>((whole, segment) => {
    const direct = keysAt(whole, root).includes(String(segment));
    const step: Path =
      isList(whole, root) && typeof segment === 'string' && !direct ? [0, segment] : [segment];
    return [...whole, ...step];
  }, []);

const withSpec = (path: Path, root: JsonSchema): Path =>
  path.length === 0 || keysAt([], root).includes(String(path[0])) ? path : ['spec', ...path];

/** Lists are shown without an index. */
const shown = (path: Path): string => formatPath(path).replaceAll('[0]', '');

const unknown = (path: Path, root: JsonSchema): DroverError => {
  const depth = path.findIndex((_, index) => schemasAt(path.slice(0, index + 1), root).length === 0);
  const parent = path.slice(0, depth);
  const key = String(path[depth]);
  const known = keysAt(parent, root);
  const near = didYouMean(key, parent.length === 1 ? [...known, ...keysAt([], root)] : known);
  return {
    code: 'spec-unknown-key',
    message: `${parent.length === 0 ? 'the top level' : shown(parent)} has no key ${JSON.stringify(key)}`,
    hint:
      near === undefined
        ? `keys here: ${sentence(known, 24)}`
        : `did you mean ${near}? drover config explain ${shown([...parent, near])}`,
  };
};

const explainIn = (text: string, kind: DocumentKind): Result<Field, DroverError> => {
  const root = ROOTS[kind]();
  const path = withIndices(withSpec(parsePath(text), root), root);
  const schemas = schemasAt(path, root);
  const [first] = schemas;
  if (first === undefined) return err(unknown(path, root));
  const schema = schemas.length === 1 ? first : { ...first, anyOf: schemas };
  return ok({ path: path.length === 0 ? `kind: ${kind}` : shown(path), schema });
};

/**
 * Finds a key of a spec by its path; the leading `spec.` and the indices of lists may be left out. Without a kind the
 * key of a cluster is meant, or else that of a migration.
 */
export const explainField = (text: string, kind?: DocumentKind): Result<Field, DroverError> => {
  if (kind !== undefined) return explainIn(text, kind);
  const cluster = explainIn(text, 'Cluster');
  if (cluster.ok) return cluster;
  const migration = explainIn(text, 'Migration');
  return migration.ok ? migration : cluster;
};
