import { isDeepStrictEqual } from 'node:util';

/*
 * Server-side apply in small: who owns which leaves. Lists whose items all have a name are sets of items by name,
 * all other lists are values, as most lists of the API are.
 */

type Map_ = Readonly<Record<string, unknown>>;
export type FieldPath = readonly string[];

const isMap = (value: unknown): value is Map_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNamed = (value: unknown): value is readonly (Map_ & { readonly name: string })[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => isMap(item) && typeof item['name'] === 'string');

const SERVER_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

const leavesOf = (value: unknown, path: FieldPath): FieldPath[] => {
  if (isNamed(value))
    return value.flatMap((item) => leavesOf(item, [...path, `k:${JSON.stringify({ name: item.name })}`]));
  if (!isMap(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, `f:${key}`]));
};

/** Every leaf that an object sets, but for what names it and what the server sets. */
export const leaves = (object: object): FieldPath[] =>
  leavesOf(object, []).filter(
    ([first = '', second = '']) =>
      !['f:apiVersion', 'f:kind'].includes(first) &&
      !(first === 'f:metadata' && (second === '' || SERVER_METADATA.has(second.slice(2)))),
  );

export const valueOf = (root: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((value, part) => {
    if (part.startsWith('k:') && Array.isArray(value)) {
      const { name } = JSON.parse(part.slice(2)) as { readonly name: string };
      return value.find((item) => isMap(item) && item['name'] === name);
    }
    return isMap(value) ? value[part.slice(2)] : undefined;
  }, root);

/** `.spec.template.spec.containers[name="web"].image` as the API writes it. */
export const fieldText = (path: FieldPath): string =>
  path
    .map((part) =>
      part.startsWith('k:')
        ? `[name=${JSON.stringify((JSON.parse(part.slice(2)) as { readonly name: string }).name)}]`
        : `.${part.slice(2)}`,
    )
    .join('');

/** `managedFields[].fieldsV1` of leaves. */
export const fieldsV1 = (paths: readonly FieldPath[]): object => {
  const root: Record<string, unknown> = {};
  for (const path of paths) {
    let at = root;
    for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>;
  }
  return root;
};

/** What a server makes of present state and an applied object: members merged, items of named lists by name. */
export const merged = (before: unknown, applied: unknown): unknown => {
  if (isNamed(applied)) {
    const old = isNamed(before) ? before : [];
    const kept = old.map((item) => {
      const own = applied.find(({ name }) => name === item.name);
      return own === undefined ? item : merged(item, own);
    });
    return [...kept, ...applied.filter(({ name }) => !old.some((item) => item.name === name))];
  }
  if (!isMap(applied) || !isMap(before)) return applied;
  return {
    ...before,
    ...Object.fromEntries(Object.entries(applied).map(([key, value]) => [key, merged(before[key], value)])),
  };
};

/** An object without one leaf; mappings and items that become empty go as well. */
export const withoutLeaf = (value: unknown, path: FieldPath): unknown => {
  const [part, ...rest] = path;
  if (part === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const { name } = JSON.parse(part.slice(2)) as { readonly name: string };
    return items.flatMap((item) => {
      if (!isMap(item) || item['name'] !== name) return [item];
      const left = withoutLeaf(item, rest);
      return left === undefined || isDeepStrictEqual(left, { name }) ? [] : [left];
    });
  }
  if (!isMap(value)) return value;
  const { [part.slice(2)]: member, ...others } = value;
  const left = rest.length === 0 || member === undefined ? undefined : withoutLeaf(member, rest);
  return left === undefined ? others : { ...others, [part.slice(2)]: left };
};

/** RFC 7386. */
export const mergePatched = (target: unknown, patch: unknown): unknown => {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatched(result[key], value);
  }
  return result;
};
