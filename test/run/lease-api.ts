import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';

/** One Lease with versions; nothing else of an API. */
export const leaseApi = () => {
  let object: KubeObject | undefined;
  let version = 0;
  const failure = (kind: 'not-found' | 'conflict' | 'already-exists') =>
    Promise.resolve(err({ kind, message: kind, causes: [] }));
  const store = (next: KubeObject) => {
    version += 1;
    object = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    return Promise.resolve(ok(object));
  };
  const refuse = (): never => {
    throw new Error('only the Lease is here');
  };
  const kube = {
    get: () => (object === undefined ? failure('not-found') : Promise.resolve(ok(object))),
    create: (_ref: unknown, made: KubeObject) =>
      object === undefined ? store(made) : failure('already-exists'),
    patch: (_ref: unknown, patch: { metadata?: KubeObject['metadata']; spec?: object }) => {
      if (object === undefined) return failure('not-found');
      const asked = patch.metadata?.resourceVersion;
      if (asked !== undefined && asked !== object.metadata.resourceVersion) return failure('conflict');
      const annotations = { ...object.metadata.annotations, ...patch.metadata?.annotations };
      const spec = { ...(object['spec'] as object), ...patch.spec };
      return store({ ...object, metadata: { ...object.metadata, annotations }, spec });
    },
    list: refuse,
  } as unknown as Kube;
  return { kube, spec: () => object?.['spec'] };
};
