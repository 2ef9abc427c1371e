import type { KubeObject } from '../../core/ports/kube.js';
import { formatPath, type Path } from '../../spec/path.js';
import type { RemovalReason, RemovedField } from '../model/report.js';

/** JSON that is being cleaned. */
export type Loose = Record<string, unknown>;

/** An object on its way into a bundle: a private copy, and what was taken out of it so far. */
export interface Draft {
  readonly original: KubeObject;
  readonly object: Loose;
  readonly removed: RemovedField[];
}

export const newDraft = (original: KubeObject): Draft => ({
  original,
  object: structuredClone(original),
  removed: [],
});

export const isMap = (value: unknown): value is Loose =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Members of a mapping; none for anything else. */
export const mapOf = (value: unknown): Loose => (isMap(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const parentOf = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const segment of path.slice(0, -1)) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
};

/** Deletes a value; false when there is none. Items of lists are taken out. */
const deleteAt = (root: unknown, path: Path): boolean => {
  const parent = parentOf(root, path);
  const last = path.at(-1);
  if (last === undefined || parent === null || typeof parent !== 'object') return false;
  if (Array.isArray(parent)) {
    if (typeof last !== 'number' || last >= parent.length) return false;
    parent.splice(last, 1);
    return true;
  }
  if (!Object.hasOwn(parent, last)) return false;
  Reflect.deleteProperty(parent, last);
  return true;
};

export interface Removal {
  readonly reason: RemovalReason;
  readonly owner?: string;
}

/** Takes a field out and notes why. Nothing is noted when it is not there. */
export const remove = (draft: Draft, path: Path, { reason, owner }: Removal): void => {
  if (deleteAt(draft.object, path))
    draft.removed.push({ path: formatPath(path), reason, ...(owner === undefined ? {} : { owner }) });
};
