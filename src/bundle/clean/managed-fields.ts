import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Path } from '../../spec/path.js';
import { isMap, type Loose, listOf, mapOf } from './draft.js';

/** A field and one of its owners, resolved to where it stands in the object. */
export interface Owned {
  readonly path: Path;
  readonly manager: string;
}

interface Entry {
  readonly manager: string;
  readonly subresource: string | undefined;
  readonly fields: Loose;
}

const entriesOf = (object: KubeObject): Entry[] =>
  listOf(object.metadata['managedFields'])
    .filter(isMap)
    .map(({ manager, subresource, fieldsV1 }) => ({
      manager: typeof manager === 'string' ? manager : '',
      subresource: typeof subresource === 'string' ? subresource : undefined,
      fields: mapOf(fieldsV1),
    }));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Where `f:name`, `k:{…}`, `v:…` or `i:N` of a FieldsV1 leads in a value; undefined when it is not there. */
const step = (value: unknown, key: string): string | number | undefined => {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return isMap(value) && Object.hasOwn(value, rest) ? rest : undefined;
  const items = listOf(value);
  if (key.startsWith('i:')) return Number(rest) < items.length ? Number(rest) : undefined;
  const wanted = parsed(rest);
  const index = key.startsWith('k:')
    ? items.findIndex((item) =>
        Object.entries(mapOf(wanted)).every(([name, member]) => isDeepStrictEqual(mapOf(item)[name], member)),
      )
    : items.findIndex((item) => isDeepStrictEqual(item, wanted));
  return index < 0 ? undefined : index;
};

const leaves = (value: unknown, fields: Loose, path: Path): Path[] => {
  const keys = Object.keys(fields).filter((key) => key !== '.');
  if (keys.length === 0) return [path];
  return keys.flatMap((key) => {
    const segment = step(value, key);
    if (segment === undefined) return [];
    const child = (value as Record<string | number, unknown>)[segment];
    return leaves(child, mapOf(fields[key]), [...path, segment]);
  });
};

/**
 * Fields with their owners, as managedFields tell. Status belongs to nobody who matters here, and what came
 * through the scale subresource is wanted by whoever scaled: both are left out.
 */
export const ownedFields = (object: KubeObject): readonly Owned[] =>
  entriesOf(object)
    .filter(({ subresource }) => subresource !== 'scale')
    .flatMap(({ manager, fields }) =>
      leaves(object, fields, [])
        .filter((path) => path[0] !== 'status')
        .map((path) => ({ path, manager })),
    );
