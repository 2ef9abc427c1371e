import { isMap, listOf, mapOf } from '../../bundle/clean/draft.js';
import { isController } from '../../bundle/clean/managers.js';
import type { KubeObject } from '../../core/ports/kube.js';

/** Owner of the fields that Drover applies to objects that were there before. */
export const APPLIER = 'drover';

/**
 * Owner of the fields of objects that a run creates: by it a run knows its own objects again after a crash between
 * a request and its answer.
 */
export const creatorOf = (run: string): string => `drover-${run}`;

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  readonly time: string;
  /** What it owns beside status and finalizers, which controllers of every kind write. */
  readonly isContent: boolean;
}

const isContent = (fields: unknown): boolean =>
  Object.entries(mapOf(fields)).some(([key, value]) => {
    if (key === 'f:status') return false;
    return key !== 'f:metadata' || Object.keys(mapOf(value)).some((member) => member !== 'f:finalizers');
  });

const entriesOf = ({ metadata }: KubeObject): Entry[] =>
  listOf(metadata['managedFields'])
    .filter(isMap)
    .map(({ manager, operation, subresource, time, fieldsV1 }) => ({
      manager: typeof manager === 'string' ? manager : '',
      operation: typeof operation === 'string' ? operation : '',
      subresource: typeof subresource === 'string' ? subresource : '',
      time: typeof time === 'string' ? time : '',
      isContent: isContent(fieldsV1),
    }));

/** Did this run make the object? */
export const isCreatedBy = (object: KubeObject, run: string): boolean =>
  entriesOf(object).some(({ manager, operation }) => manager === creatorOf(run) && operation === 'Update');

/**
 * Does nobody own a single field? So it is with a ServiceAccount that somebody creates without anything in it, the run
 * among others: nothing tells whose it is, and nothing is in it that could be lost.
 */
export const isNobodys = (object: KubeObject): boolean =>
  entriesOf(object).length === 0 && !isComputed(object);

/** Did the cluster itself make the object, so that nobody loses anything when it is changed? */
export const isComputed = (object: KubeObject): boolean => {
  const entries = entriesOf(object);
  // The account of a new namespace is made without any field, so nobody owns one.
  if (entries.length === 0) return object.kind === 'ServiceAccount' && object.metadata.name === 'default';
  return entries.every(({ manager }) => isController(manager));
};

/**
 * Persons and tools that changed an object since the run did, other than the run itself. `former` = the object as the
 * run found it; absent when the run created it. Controllers do not count.
 */
export const othersSince = (object: KubeObject, run: string, former?: KubeObject): readonly string[] => {
  const known = former === undefined ? [] : entriesOf(former);
  const own = new Set([APPLIER, creatorOf(run)]);
  const isKnown = (entry: Entry): boolean =>
    known.some(
      ({ manager, operation, subresource, time }) =>
        manager === entry.manager &&
        operation === entry.operation &&
        subresource === entry.subresource &&
        time === entry.time,
    );
  const others = entriesOf(object).filter(
    (entry) => entry.isContent && !own.has(entry.manager) && !isController(entry.manager) && !isKnown(entry),
  );
  return [...new Set(others.map(({ manager }) => manager))];
};
