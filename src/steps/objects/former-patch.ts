import { isDeepStrictEqual } from 'node:util';
import { mapOf } from '../../bundle/clean/draft.js';
import type { KubeObject } from '../../core/ports/kube.js';

interface Operation {
  readonly op: 'test' | 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/** Members of metadata that belong to whoever wrote the object; the rest is the server’s. */
const METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

const pointer = (...path: readonly string[]): string =>
  path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

type Members = Readonly<Record<string, unknown>>;

const membersBack = (
  live: Members,
  former: Members,
  names: readonly string[],
  below: readonly string[],
): Operation[] =>
  names.flatMap((name): Operation[] => {
    const path = pointer(...below, name);
    if (isDeepStrictEqual(live[name], former[name])) return [];
    if (former[name] === undefined) return [{ op: 'remove', path }];
    return [{ op: live[name] === undefined ? 'add' : 'replace', path, value: former[name] }];
  });

/**
 * JSON patch that makes an object what it was: everything but status and what the server writes itself. Empty = it is
 * so already. Applies to the very object alone, in the very version that was looked at.
 */
export const formerPatch = (live: KubeObject, former: KubeObject): readonly Operation[] => {
  const names = [...new Set([...Object.keys(live), ...Object.keys(former)])].filter(
    (name) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name),
  );
  const changes = [
    ...membersBack(live, former, names, []),
    ...membersBack(mapOf(live.metadata), mapOf(former.metadata), METADATA, ['metadata']),
  ];
  if (changes.length === 0) return [];
  return [
    { op: 'test', path: '/metadata/uid', value: live.metadata.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    ...changes,
  ];
};

/** JSON patch that gives the fields back to their former owners; only after their values are as they were. */
export const ownersPatch = (live: KubeObject, former: KubeObject): readonly Operation[] => {
  const owners = former.metadata['managedFields'];
  if (!Array.isArray(owners) || owners.length === 0) return [];
  return [
    { op: 'test', path: '/metadata/uid', value: live.metadata.uid },
    { op: 'replace', path: '/metadata/managedFields', value: owners },
  ];
};
