import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import { idOf, idText, kindName } from '../model/object-id.js';
import { referencesOf } from '../references/find.js';

const namespacesNamed = (object: KubeObject): readonly string[] =>
  [
    ...listOf(object['subjects']).map((subject) => mapOf(subject)['namespace']),
    ...listOf(object['webhooks']).map(
      (hook) => mapOf(mapOf(mapOf(hook)['clientConfig'])['service'])['namespace'],
    ),
    mapOf(mapOf(object['spec'])['service'])['namespace'],
  ].filter((namespace): namespace is string => typeof namespace === 'string');

const definesKind = (object: KubeObject, kinds: ReadonlySet<string>): boolean => {
  if (object.kind !== 'CustomResourceDefinition') return false;
  const { group, names } = mapOf(object['spec']);
  return kinds.has(kindName({ group: String(group), kind: String(mapOf(names)['kind']) }));
};

/**
 * When only some namespaces are carried: the objects of the whole cluster that these need. Those that name one of
 * the namespaces, definitions of the kinds that are used, and whatever these and the namespaces' own objects refer to.
 */
export const neededOf = (
  pool: readonly KubeObject[],
  carried: readonly KubeObject[],
  namespaces: readonly string[],
): readonly KubeObject[] => {
  const kinds = new Set(carried.map((object) => kindName(idOf(object))));
  const byId = new Map(pool.map((object) => [idText(idOf(object)), object]));
  const needed = new Map<string, KubeObject>();
  const add = (object: KubeObject): void => {
    const id = idText(idOf(object));
    if (needed.has(id)) return;
    needed.set(id, object);
    follow(object);
  };
  const follow = (object: KubeObject): void => {
    for (const { to } of referencesOf(object)) {
      const found = byId.get(idText(to));
      if (found !== undefined) add(found);
    }
  };
  for (const object of pool) {
    if (definesKind(object, kinds) || namespacesNamed(object).some((name) => namespaces.includes(name)))
      add(object);
  }
  for (const object of carried) follow(object);
  return [...needed.values()];
};
