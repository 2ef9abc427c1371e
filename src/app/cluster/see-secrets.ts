import { mapAtOnce } from '../../core/map-at-once.js';
import type { Kube } from '../../core/ports/kube.js';
import type { Secrets } from '../../core/ports/secrets.js';
import {
  deliveryKey,
  type SecretDelivery,
  type SecretVerdict,
  secretHandle,
} from '../../steps/secrets/delivery.js';
import { compareSecret, type SecretValues, secretRef } from '../../steps/secrets/live-secret.js';

/** Requests at the same time; others use the API as well. */
const AT_ONCE = 8;

/** Where delivered secrets are compared: the values stay in this process. */
export interface SecretSight {
  readonly kube: Pick<Kube, 'get'>;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly signal: AbortSignal;
}

/** Values of one secret, when the store has all of them. */
const storedValues = async (
  secrets: SecretSight['secrets'],
  { name, keys }: SecretDelivery,
): Promise<SecretValues | undefined> => {
  const all = await Promise.all(
    keys.map(async (key) => [key, await secrets.get(secretHandle(name, key))] as const),
  );
  const values = all.flatMap(([key, found]) => (found.ok ? [[key, found.value] as const] : []));
  return values.length === keys.length ? Object.fromEntries(values) : undefined;
};

/** How each delivered secret compares with the store; undefined when the API does not let itself be asked. */
export const seeSecrets = async (
  { kube, secrets, signal }: SecretSight,
  deliveries: readonly SecretDelivery[],
): Promise<ReadonlyMap<string, SecretVerdict> | undefined> => {
  const seen = await mapAtOnce(deliveries, AT_ONCE, async (delivery) => {
    const [live, values] = await Promise.all([
      kube.get(secretRef(delivery), { signal }),
      storedValues(secrets, delivery),
    ]);
    if (!live.ok && live.error.kind !== 'not-found') return undefined;
    const verdict = compareSecret(delivery, values, live.ok ? live.value : undefined);
    return [deliveryKey(delivery), verdict] as const;
  });
  const known = seen.filter((each) => each !== undefined);
  return known.length === seen.length ? new Map(known) : undefined;
};
