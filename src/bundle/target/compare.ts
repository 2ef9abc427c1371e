import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/ports/kube.js';
import { formatPath, type Path } from '../../spec/path.js';
import { isMap } from '../clean/draft.js';

const SERVER_METADATA = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'uid',
]);

const differing = (before: unknown, after: unknown, path: Path): readonly Path[] => {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differing(before[key], after[key], [...path, key]),
    );
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: unknown, index) => differing(item, after[index], [...path, index]));
  return [path];
};

/** Where an object would be another one, but for what the server writes by itself. */
export const changedPaths = (live: KubeObject, after: KubeObject): readonly Path[] =>
  differing(live, after, []).filter(
    ([first, second]) => first !== 'status' && !(first === 'metadata' && SERVER_METADATA.has(String(second))),
  );

/** Fields in which an object would be another one. Values stay out of it. */
export const changedFields = (live: KubeObject, after: KubeObject): readonly string[] =>
  changedPaths(live, after).map(formatPath);
