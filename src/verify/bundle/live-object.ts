import { clean } from '../../bundle/clean/clean.js';
import { isMap, listOf, mapOf } from '../../bundle/clean/draft.js';
import { ownedFields } from '../../bundle/clean/managed-fields.js';
import type { RemovedField } from '../../bundle/model/report.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { formatPath, type Path, valueAt } from '../../spec/path.js';

/** An object as the target has it, ready to be compared. */
export interface LiveObject {
  /** Cleaned as an export cleans it. */
  readonly object: KubeObject;
  /** The value that the API gave, before cleaning. */
  readonly original: (path: Path) => unknown;
  readonly removed: ReadonlyMap<string, RemovedField>;
  /** Managers of a field, of what lies below it, and of what holds it as a whole. */
  readonly managers: (path: Path) => readonly string[];
}

export const liveObject = (original: KubeObject, nodePorts: 'own' | 'all'): LiveObject => {
  const cleaned = clean(original, { nodePorts });
  // Most objects are equal, and nobody asks.
  let owned: readonly { readonly at: string; readonly manager: string }[] | undefined;
  return {
    object: cleaned.object,
    original: (path) => valueAt(original, path),
    removed: new Map(cleaned.removed.map((field) => [field.path, field])),
    managers: (path) => {
      const at = formatPath(path);
      owned ??= ownedFields(original).map(({ path: each, manager }) => ({ at: formatPath(each), manager }));
      const touches = owned.filter(
        ({ at: other }) =>
          other.startsWith(at) || (at.startsWith(other) && /^[.[]/.test(at.slice(other.length))),
      );
      return [...new Set(touches.map(({ manager }) => manager))];
    },
  };
};

/** Owner references by the owner's key instead of its UID, which no two clusters share. */
export const withOwnerKeys = (object: KubeObject, keyOf: (uid: string) => string | undefined): KubeObject => {
  const references = listOf(object.metadata['ownerReferences']).filter(isMap);
  if (references.length === 0) return object;
  const named = references.map(({ uid, ...rest }) => ({ ...rest, owner: keyOf(String(uid)) ?? uid }));
  return { ...object, metadata: { ...object.metadata, ownerReferences: named } };
};

/** The API stores `stringData` as `data`. */
export const withData = (object: KubeObject): KubeObject => {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || stringData === undefined) return object;
  const encoded = Object.entries(mapOf(stringData)).map(([key, value]): [string, string] => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...mapOf(object['data']), ...Object.fromEntries(encoded) } };
};
