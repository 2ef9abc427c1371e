import type { KubeCause, KubeObject } from '../../core/ports/kube.js';
import { formatPath, type Path } from '../../spec/path.js';
import { isMap, type Loose, listOf, mapOf } from '../clean/draft.js';

/*
 * The part of a definition's schema that tells without doubt that an object does not fit: types, members that must be
 * there, members that nobody knows, and lists of allowed values. The API itself judges the rest when it has the kind.
 */

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (isMap(value)) return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const hasType = (value: unknown, schema: Loose): boolean => {
  const { type } = schema;
  const own = typeOf(value);
  if (schema['x-kubernetes-int-or-string'] === true) return own === 'integer' || own === 'string';
  return type === undefined || type === own || (type === 'number' && own === 'integer');
};

const cause = (path: Path, message: string): KubeCause => ({ field: formatPath(path), message });

const ofMembers = (value: Loose, schema: Loose, path: Path): readonly KubeCause[] => {
  const properties = mapOf(schema['properties']);
  const rest = schema['additionalProperties'];
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    rest === true ||
    schema['properties'] === undefined;
  const missing = listOf(schema['required'])
    .map(String)
    .filter((key) => value[key] === undefined);
  return [
    ...missing.map((key) => cause([...path, key], 'is required')),
    ...Object.entries(value).flatMap(([key, member]) => {
      const own = properties[key] ?? (isMap(rest) ? rest : undefined);
      if (own !== undefined) return problemsOf(member, mapOf(own), [...path, key]);
      return open ? [] : [cause([...path, key], 'is no field that the definition knows')];
    }),
  ];
};

const problemsOf = (value: unknown, schema: Loose, path: Path): readonly KubeCause[] => {
  if (value === null) return schema['nullable'] === true ? [] : [cause(path, 'must not be null')];
  if (!hasType(value, schema)) return [cause(path, `must be ${String(schema['type'])}`)];
  const allowed = listOf(schema['enum']);
  if (allowed.length > 0 && !allowed.includes(value))
    return [cause(path, `must be one of ${allowed.map(String).join(', ')}`)];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) =>
      problemsOf(item, mapOf(schema['items']), [...path, index]),
    );
  return isMap(value) ? ofMembers(value, schema, path) : [];
};

/** What is wrong with a custom resource by the definition that comes along with it; empty = nothing is known to be. */
export const schemaProblems = (object: KubeObject, definition: KubeObject): readonly KubeCause[] => {
  const version = object.apiVersion.split('/').at(-1);
  const own = listOf(mapOf(definition['spec'])['versions'])
    .map(mapOf)
    .find(({ name }) => name === version);
  const schema = mapOf(mapOf(own?.['schema'])['openAPIV3Schema']);
  const { apiVersion: _a, kind: _k, metadata: _m, ...members } = object;
  const { required, ...rest } = schema;
  const asked = listOf(required).filter((key) => !['apiVersion', 'kind', 'metadata'].includes(String(key)));
  return Object.keys(schema).length === 0 ? [] : problemsOf(members, { ...rest, required: asked }, []);
};
