import type { KubeFailure, KubeFailureKind } from '../core/ports/kube.js';
import type { StepFailure } from './failure.js';

const CLASS: Readonly<Record<KubeFailureKind, StepFailure['class']>> = {
  unreachable: 'transient',
  'timed-out': 'transient',
  unavailable: 'transient',
  'too-many-requests': 'transient',
  conflict: 'transient',
  gone: 'transient',
  server: 'transient',
  tls: 'permanent',
  unauthorized: 'permanent',
  forbidden: 'permanent',
  'not-found': 'permanent',
  'already-exists': 'permanent',
  invalid: 'permanent',
  cancelled: 'permanent',
};

/** What the API refused, classed for the executor. `what` is what was tried: `cannot cordon k3s-worker-01`. */
export const failureOfKube = (failure: KubeFailure, what: string): StepFailure => {
  const causes = failure.causes.map(({ field, message }) =>
    field === undefined ? message : `${field}: ${message}`,
  );
  return {
    class: CLASS[failure.kind],
    code: `kube-${failure.kind}`,
    message: what,
    cause: [failure.message, ...causes].join('\n'),
  };
};
