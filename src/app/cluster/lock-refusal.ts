import type { DroverError } from '../../core/error.js';
import type { LockRefusal } from '../../run/lock/majority.js';

/** Who holds the lock, as a person is asked about it. */
export interface Holder {
  readonly run: string;
  readonly owner: string;
  readonly ageSeconds: number;
  readonly state: 'stale' | 'alive' | 'paused';
}

/** There is only a kubeconfig, and its API does not let the Lease be taken. */
interface NoLease {
  readonly kind: 'no-lease';
  readonly code: string;
  readonly cause: string;
}

export type NotTaken = LockRefusal | NoLease;

/** What a person is told when the lock cannot be had. */
export const refusalError = (refusal: NotTaken): DroverError => {
  if (refusal.kind === 'no-lease') {
    return {
      code: refusal.code,
      message: 'the lock of the cluster, the Lease kube-system/drover, cannot be taken',
      cause: refusal.cause,
      state: 'nothing was changed',
    };
  }
  if (refusal.kind === 'no-majority') {
    return {
      code: 'run-no-majority',
      message: `the lock was taken on ${refusal.answered} server hosts, ${refusal.needed} are needed`,
      cause: refusal.details.join('; '),
      state: 'nothing was changed',
    };
  }
  const { by, stale, kind } = refusal;
  return {
    code: 'run-locked',
    message: `run ${by.run} of ${by.owner} holds this cluster${kind === 'paused' ? ' and is paused' : ''}`,
    cause: `its last heartbeat on ${by.host} is ${by.ageSeconds} s old`,
    state: 'nothing was changed',
    hint: stale
      ? `if that run is dead for certain: --break-lock ${by.run}`
      : 'wait for it, or ask its operator',
  };
};

/** Undefined = nobody holds it. */
export const holderOf = (refusal: NotTaken): Holder | undefined =>
  refusal.kind === 'no-majority' || refusal.kind === 'no-lease'
    ? undefined
    : {
        run: refusal.by.run,
        owner: refusal.by.owner,
        ageSeconds: refusal.by.ageSeconds,
        state: refusal.kind === 'paused' ? 'paused' : refusal.stale ? 'stale' : 'alive',
      };
