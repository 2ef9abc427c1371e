import type { Kube, KubeFailure } from '../core/ports/kube.js';
import { err } from '../core/result.js';
import { aroundWrites } from '../steps/kube-writes.js';

/** Whether the run still holds its lock; the failure says that it does not. */
export type Fence = () => Promise<KubeFailure | undefined>;

/**
 * The cluster's API with every change behind the fence (invariant 4): a run that lost its lock writes nothing any
 * more. Reading stays possible, so that the run can still tell what state the world is in.
 */
export const fencedKube = (kube: Kube, fence: Fence): Kube =>
  aroundWrites(kube, (write) => async (...args) => {
    const refusal = await fence();
    return refusal === undefined ? write(...args) : err(refusal);
  });
