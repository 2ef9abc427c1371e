import type { Kube, KubeFailure } from '../core/ports/kube.js';
import type { Result } from '../core/result.js';
import { readingOnly } from './kube-reads.js';

/** Puts something around one kind of call. */
export type AroundWrite = <Args extends readonly unknown[], T>(
  write: (...args: Args) => Promise<Result<T, KubeFailure>>,
) => (...args: Args) => Promise<Result<T, KubeFailure>>;

/** The cluster's API with something around everything that can change it; reading stays as it is. */
export const aroundWrites = (kube: Kube, around: AroundWrite): Kube => ({
  ...readingOnly(kube),
  close: () => kube.close(),
  apply: around(kube.apply.bind(kube)),
  create: around(kube.create.bind(kube)),
  patch: around(kube.patch.bind(kube)),
  delete: around(kube.delete.bind(kube)),
  exec: around(kube.exec.bind(kube)),
  portForward: around(kube.portForward.bind(kube)),
});
