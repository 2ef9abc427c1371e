import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import { alternatives, type JsonSchema, keysAt, schemasAt } from './fields.js';
import { formatPath, type Path, parsePath } from './path.js';

export interface Field {
  readonly path: string;
  readonly schema: JsonSchema;
}

const isList = (path: Path): boolean =>
  schemasAt(path)
    .flatMap(alternatives)
    .some(({ type }) => type === 'array');

/** Puts an index behind every list that the path passes, so that `hosts.role` means `hosts[0].role`. */
const withIndices = (path: Path): Path =>
  path.reduce<Path>((whole, segment) => {
    const direct = keysAt(whole).includes(String(segment));
    const step: Path = isList(whole) && typeof segment === 'string' && !direct ? [0, segment] : [segment];
    return [...whole, ...step];
  }, []);

const withSpec = (path: Path): Path =>
  path.length === 0 || keysAt([]).includes(String(path[0])) ? path : ['spec', ...path];

/** Lists are shown without an index. */
const shown = (path: Path): string => formatPath(path).replaceAll('[0]', '');

const unknown = (path: Path): DroverError => {
  const depth = path.findIndex((_, index) => schemasAt(path.slice(0, index + 1)).length === 0);
  const parent = path.slice(0, depth);
  const key = String(path[depth]);
  const known = keysAt(parent);
  const near = didYouMean(key, parent.length === 1 ? [...known, ...keysAt([])] : known);
  return {
    code: 'spec-unknown-key',
    message: `${parent.length === 0 ? 'the top level' : shown(parent)} has no key ${JSON.stringify(key)}`,
    hint:
      near === undefined
        ? `keys here: ${sentence(known, 24)}`
        : `did you mean ${near}? drover config explain ${shown([...parent, near])}`,
  };
};

/** Finds a key of the spec by its path; the leading `spec.` and the indices of lists may be left out. */
export const explainField = (text: string): Result<Field, DroverError> => {
  const path = withIndices(withSpec(parsePath(text)));
  const schemas = schemasAt(path);
  const [first] = schemas;
  if (first === undefined) return err(unknown(path));
  const schema = schemas.length === 1 ? first : { ...first, anyOf: schemas };
  return ok({ path: path.length === 0 ? 'kind: Cluster' : shown(path), schema });
};
