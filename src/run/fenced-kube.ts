import type { Kube, KubeFailure } from '../core/ports/kube.js';
import { err, type Result } from '../core/result.js';
import { readingOnly } from '../steps/kube-reads.js';

/** Whether the run still holds its lock; the failure says that it does not. */
export type Fence = () => Promise<KubeFailure | undefined>;

/**
 * The cluster's API with every change behind the fence (invariant 4): a run that lost its lock writes nothing any
 * more. Reading stays possible, so that the run can still tell what state the world is in.
 */
export const fencedKube = (kube: Kube, fence: Fence): Kube => {
  const guarded =
    <Args extends readonly unknown[], T>(write: (...args: Args) => Promise<Result<T, KubeFailure>>) =>
    async (...args: Args): Promise<Result<T, KubeFailure>> => {
      const refusal = await fence();
      return refusal === undefined ? write(...args) : err(refusal);
    };
  return {
    ...readingOnly(kube),
    close: () => kube.close(),
    apply: guarded(kube.apply.bind(kube)),
    create: guarded(kube.create.bind(kube)),
    patch: guarded(kube.patch.bind(kube)),
    delete: guarded(kube.delete.bind(kube)),
    exec: guarded(kube.exec.bind(kube)),
    portForward: guarded(kube.portForward.bind(kube)),
  };
};
