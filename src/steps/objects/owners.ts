import { isMap, listOf } from '../../bundle/clean/draft.js';
import { ownersOf } from '../../bundle/leave-out/owners.js';
import type { CarriedObject } from '../../bundle/model/carried-object.js';
import { idText } from '../../bundle/model/object-id.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { PlannedObject } from './params.js';
import type { ObjectSource } from './source.js';

/** Keys of the owners that move along. */
export const ownerKeys = ({ object }: CarriedObject, source: Pick<ObjectSource, 'keyOfUid'>): string[] =>
  ownersOf(object).flatMap(({ uid }) => source.keyOfUid(uid) ?? []);

/** Keys of owners that move along and are not on the target; `live` are those that are, by their UID in the source. */
export const missingOwners = (
  { object }: CarriedObject,
  source: Pick<ObjectSource, 'keyOfUid'>,
  live: ReadonlyMap<string, LiveOwner>,
): string[] => ownersOf(object).flatMap(({ uid }) => (live.has(uid) ? [] : (source.keyOfUid(uid) ?? [])));

/** An owner as it lives on the target. */
export interface LiveOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** The object with its owners as they live on the target. Owners that did not come along are no longer named. */
export const relinked = (object: KubeObject, live: ReadonlyMap<string, LiveOwner>): KubeObject => {
  const references = listOf(object.metadata['ownerReferences']).filter(isMap);
  if (references.length === 0) return object;
  const { ownerReferences: _, ...metadata } = object.metadata;
  const linked = references.flatMap((reference) => {
    const owner = live.get(String(reference['uid']));
    return owner === undefined ? [] : [{ ...reference, ...owner }];
  });
  return {
    ...object,
    metadata: linked.length === 0 ? metadata : { ...metadata, ownerReferences: linked },
  };
};

/** Key of the definition of a kind. */
const definitionKey = ({ ref }: PlannedObject): string =>
  `CustomResourceDefinition.apiextensions.k8s.io/${ref.plural}.${ref.group}`;

/** What an object cannot be without: its namespace, its kind, its owners, and everything that it must find. */
export const needsOf = (
  planned: PlannedObject,
  carried: CarriedObject,
  source: Pick<ObjectSource, 'keyOfUid'>,
): string[] => [
  definitionKey(planned),
  ...ownerKeys(carried, source),
  ...carried.references.filter(({ optional }) => !optional).map(({ to }) => idText(to)),
];
