import type { KubeFailure } from '../../core/ports/kube.js';
import type { BundleFinding } from '../model/report.js';

/** Nothing can be said about any object when the API cannot be asked at all. */
export const concernsAll = ({ kind }: KubeFailure): boolean =>
  [
    'unreachable',
    'tls',
    'unauthorized',
    'cancelled',
    'timed-out',
    'unavailable',
    'too-many-requests',
  ].includes(kind);

/** A webhook that has effects of its own takes no dry runs; the object is judged when its wave comes. */
export const refusesDryRuns = ({ message }: KubeFailure): boolean =>
  message.includes('does not support dry run');

const detail = ({ message, causes }: KubeFailure): string => {
  const told = causes.filter((cause) => !message.includes(cause.message));
  return [
    message,
    ...told.map(({ field, message: text }) => (field === undefined ? text : `${field}: ${text}`)),
  ].join('; ');
};

interface Refusal {
  readonly code: string;
  readonly test: (failure: KubeFailure) => boolean;
  readonly hint: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    code: 'target-unknown-field',
    test: ({ message }) => message.includes('strict decoding error'),
    hint: 'take the field out with a json-patch, or upgrade the target',
  },
  {
    code: 'target-webhook-dead',
    test: ({ message }) => message.includes('failed calling webhook'),
    hint: 'mend the back end of the webhook, or delete its configuration when it is a remainder',
  },
  {
    code: 'target-quota',
    test: ({ message }) => message.includes('exceeded quota'),
    hint: 'raise the quota on the target, or restore less into the namespace',
  },
  {
    code: 'target-node-port',
    test: ({ message }) => message.includes('provided port is already allocated'),
    hint: 'take nodePort out with a json-patch, so that the target chooses one',
  },
  {
    code: 'target-cluster-ip',
    test: ({ message }) =>
      message.includes('provided IP is already allocated') || message.includes('not in the valid range'),
    hint: 'take clusterIP and clusterIPs out with a json-patch, so that the target chooses one',
  },
  {
    code: 'target-forbidden',
    test: ({ kind, message }) => kind === 'forbidden' && /\bcannot (create|patch|update)\b/.test(message),
    hint: 'give the account the right, or use another context',
  },
];

/** What the API said against an object, as a finding. */
export const refusalFinding = (key: string, failure: KubeFailure): BundleFinding => {
  const known = REFUSALS.find(({ test }) => test(failure));
  return {
    code: known?.code ?? 'target-refused',
    severity: 'error',
    object: key,
    message: `the target refuses it: ${detail(failure)}`,
    hint: known?.hint ?? 'change it with a transform, or leave it out with --exclude',
  };
};
