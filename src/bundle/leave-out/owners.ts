import type { KubeObject } from '../../core/ports/kube.js';
import { isMap, listOf, mapOf } from '../clean/draft.js';

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** The owner's controller makes the object, and makes it again on the target. */
  readonly controls: boolean;
}

export const ownersOf = ({ metadata }: KubeObject): readonly Owner[] =>
  listOf(metadata['ownerReferences'])
    .filter(isMap)
    .map(({ kind, name, uid, controller }) => ({
      kind: String(kind),
      name: String(name),
      uid: String(uid),
      controls: controller === true,
    }));

/** Kinds that hold what a user put there, even when something owns them. */
const HOLDS_DATA = new Set(['Secret', 'PersistentVolumeClaim']);

/**
 * What a controlling owner makes again is left out. Certificates and volumes are kept: issued anew they would be
 * other ones.
 */
export const madeByOwner = (object: KubeObject): Owner | undefined =>
  HOLDS_DATA.has(object.kind) ? undefined : ownersOf(object).find(({ controls }) => controls);

/** The object with only those owners that move along; their UIDs are replaced on the target. */
export const withOwners = (object: KubeObject, carried: ReadonlySet<string>): KubeObject => {
  const references = listOf(object.metadata['ownerReferences']);
  if (references.length === 0) return object;
  const kept = references.filter((reference) => carried.has(String(mapOf(reference)['uid'])));
  const { ownerReferences: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept },
  };
};
