import { mapOf } from '../../bundle/clean/draft.js';
import type { KubeObject, KubeRef } from '../../core/ports/kube.js';
import type { SecretDelivery, SecretVerdict } from './delivery.js';

/** Owner of the fields of Secrets that Drover delivers. */
export const DELIVERER = 'drover-secrets';
/** Only Secrets with it are Drover's to change. */
const DELIVERED_LABEL = 'drover.dev/delivered';

export type SecretValues = Readonly<Record<string, Uint8Array>>;

export const secretRef = ({ namespace, name }: SecretDelivery): KubeRef => ({
  resource: { group: '', version: 'v1', plural: 'secrets' },
  namespace,
  name,
});

const encoded = (values: SecretValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );

/** The Secret with its values: for the API alone. */
export const secretObject = (
  { namespace, name, type }: SecretDelivery,
  values: SecretValues,
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace,
    labels: { 'app.kubernetes.io/managed-by': 'drover', [DELIVERED_LABEL]: 'true' },
  },
  type,
  data: encoded(values),
});

export const isDelivered = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.[DELIVERED_LABEL] === 'true';

/** Values of a Secret that is there. */
export const valuesOf = (live: KubeObject): SecretValues =>
  Object.fromEntries(
    Object.entries(mapOf(live['data'])).map(([key, value]) => [key, Buffer.from(String(value), 'base64')]),
  );

/** Compares what is there with the values of the store. Pure; nothing but the verdict leaves it. */
export const compareSecret = (
  delivery: SecretDelivery,
  values: SecretValues | undefined,
  live: KubeObject | undefined,
): SecretVerdict => {
  if (live !== undefined && !isDelivered(live)) return 'foreign';
  if (values === undefined) return 'missing';
  if (live === undefined) return 'absent';
  const wanted = secretObject(delivery, values);
  const now = mapOf(live['data']);
  const data = mapOf(wanted['data']);
  const keys = new Set([...Object.keys(now), ...Object.keys(data)]);
  return live['type'] === delivery.type && [...keys].every((key) => now[key] === data[key])
    ? 'same'
    : 'other';
};
