import type { KubeObject } from '../../core/ports/kube.js';
import { isMap, mapOf } from '../clean/draft.js';
import { ownersOf } from '../leave-out/owners.js';
import type { CarriedObject } from '../model/carried-object.js';
import { groupOf, idText } from '../model/object-id.js';
import type { Before } from './components.js';
import { isCustomGroup } from './stages.js';

/** Keys of definitions by the kind that they define: `Widget.example.com`. */
export const definitionsOf = (objects: readonly CarriedObject[]): ReadonlyMap<string, string> =>
  new Map(
    objects
      .filter(({ object }) => object.kind === 'CustomResourceDefinition')
      .map(({ key, object }) => {
        const { group, names } = mapOf(object['spec']);
        return [`${String(mapOf(names)['kind'])}.${String(group)}`, key];
      }),
  );

/**
 * What an object cannot be written without: its namespace, its kind, its owners (whose new UIDs it names). Only
 * carried objects count.
 */
export const hardEdges = (objects: readonly CarriedObject[]): Before<string> => {
  const keys = new Set(objects.map(({ key }) => key));
  const byUid = new Map(objects.flatMap(({ uid, key }) => (uid === undefined ? [] : [[uid, key] as const])));
  const definitions = definitionsOf(objects);
  return new Map(
    objects.map(({ key, object }) => {
      const { namespace } = object.metadata;
      const earlier = [
        namespace === undefined ? undefined : `Namespace/${namespace}`,
        definitions.get(`${object.kind}.${groupOf(object.apiVersion)}`),
        ...ownersOf(object).map(({ uid }) => byUid.get(uid)),
      ];
      return [
        key,
        earlier.flatMap((each) => (each === undefined || each === key || !keys.has(each) ? [] : [each])),
      ];
    }),
  );
};

interface Named {
  readonly kind: unknown;
  readonly name: string;
  readonly namespace: unknown;
}

/** Members of custom resources that name another object: `secretRef`, `issuerRef`, `targetRefs`. */
const refsIn = (value: unknown, member = ''): readonly Named[] => {
  if (Array.isArray(value)) return value.flatMap((item) => refsIn(item, member));
  if (!isMap(value)) return [];
  const { name, kind, namespace } = value;
  const own = /Refs?$/.test(member) && typeof name === 'string' ? [{ kind, name, namespace }] : [];
  return [...own, ...Object.entries(value).flatMap(([key, each]) => refsIn(each, key))];
};

/** Keys by what a reference of a custom resource can tell: kind if it says one, namespace and name. */
const customIndex = (objects: readonly CarriedObject[]): ReadonlyMap<string, readonly string[]> => {
  const index = new Map<string, string[]>();
  for (const { key, object } of objects) {
    if (!isCustomGroup(groupOf(object.apiVersion))) continue;
    const place = [object.kind, object.metadata.namespace ?? '', object.metadata.name].join('/');
    index.set(place, [...(index.get(place) ?? []), key]);
  }
  return index;
};

const customEdges = (object: KubeObject, index: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  isCustomGroup(groupOf(object.apiVersion))
    ? refsIn(object['spec']).flatMap(({ kind, name, namespace }) => {
        const own = typeof namespace === 'string' ? namespace : (object.metadata.namespace ?? '');
        return [own, ''].flatMap((where) => index.get([String(kind), where, name].join('/')) ?? []);
      })
    : [];

/** What an object names, and would rather find: dropped where it leads round in a circle. */
export const softEdges = (objects: readonly CarriedObject[]): Before<string> => {
  const keys = new Set(objects.map(({ key }) => key));
  const index = customIndex(objects);
  return new Map(
    objects.map(({ key, object, references }) => {
      const named = references.map(({ to }) => idText(to));
      const earlier = [...named, ...customEdges(object, index)];
      return [key, [...new Set(earlier)].filter((each) => each !== key && keys.has(each))];
    }),
  );
};
