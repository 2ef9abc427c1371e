import { referencesOf } from '../../bundle/references/find.js';
import type { Cluster } from '../../spec/cluster.js';
import type { ObjectSet } from '../sets/object-set.js';

/** A secret of the spec as a Secret in one namespace. Never a value. A type alias is JSON, an interface is not. */
export type SecretDelivery = {
  readonly namespace: string;
  readonly name: string;
  /** Type of the Kubernetes Secret. */
  readonly type: string;
  readonly keys: readonly string[];
};

/**
 * How a Secret in the cluster compares with the store: `foreign` = somebody else made it, `missing` = the store lacks a
 * value.
 */
export type SecretVerdict = 'absent' | 'same' | 'other' | 'foreign' | 'missing';

/** What the store calls one value. */
export const secretHandle = (name: string, key: string): string => `${name}/${key}`;

export const deliveryKey = ({ namespace, name }: Pick<SecretDelivery, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** The API checks that Secrets of these types hold these keys. */
const TYPES: readonly (readonly [string, readonly string[]])[] = [
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
];

const typeOf = (keys: readonly string[]): string =>
  TYPES.find(([, needed]) => needed.every((key) => keys.includes(key)))?.[0] ?? 'Opaque';

/** Secrets of the spec that objects refer to, once for each namespace; a secret comes with all its keys. */
export const deliveriesOf = (
  sets: readonly ObjectSet[],
  { spec }: Pick<Cluster, 'spec'>,
): readonly SecretDelivery[] => {
  const declared = new Map(spec.secrets.declared.map(({ name, keys }) => [name, keys]));
  const found = new Map<string, SecretDelivery>();
  for (const { to } of sets.flatMap(({ objects }) => objects.flatMap(referencesOf))) {
    const keys = to.kind === 'Secret' && to.group === '' ? declared.get(to.name) : undefined;
    if (keys === undefined || to.namespace === undefined) continue;
    const delivery = { namespace: to.namespace, name: to.name, type: typeOf(keys), keys: [...keys].sort() };
    found.set(deliveryKey(delivery), delivery);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delivery]) => delivery);
};
