import type { KubeObject, KubeRef, KubeResource } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import type { CarriedObject } from '../model/carried-object.js';
import { groupOf } from '../model/object-id.js';

/** A kind that a definition brings. */
type DefinedKind = Pick<KubeResource, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>;

/** Kinds that carried definitions make the target serve. */
export const definedKinds = (objects: readonly CarriedObject[]): readonly DefinedKind[] =>
  objects
    .filter(({ object }) => object.kind === 'CustomResourceDefinition')
    .flatMap(({ object }) => {
      const { group, names, scope, versions } = mapOf(object['spec']);
      return listOf(versions)
        .map(mapOf)
        .filter(({ served }) => served === true)
        .map(({ name }) => ({
          group: String(group),
          version: String(name),
          kind: String(mapOf(names)['kind']),
          plural: String(mapOf(names)['plural']),
          namespaced: scope === 'Namespaced',
        }));
    });

/** Address of an object among these kinds; undefined when none of them is its kind. */
export const refAmong = (
  kinds: readonly DefinedKind[],
  { apiVersion, kind, metadata }: KubeObject,
): KubeRef | undefined => {
  const group = groupOf(apiVersion);
  const version = apiVersion.split('/').at(-1);
  const found = kinds.find((each) => each.kind === kind && each.group === group && each.version === version);
  if (found === undefined) return undefined;
  return {
    resource: { group, version: found.version, plural: found.plural },
    name: metadata.name,
    ...(found.namespaced && metadata.namespace !== undefined ? { namespace: metadata.namespace } : {}),
  };
};
