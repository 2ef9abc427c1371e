import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import { idOf, idText, kindName, type ObjectId } from '../model/object-id.js';
import { referencesOf } from '../references/find.js';
import { containersOf, podSpecOf } from '../references/pod-template.js';

/** What the generated documentation says about one object. Never a value of a Secret. */
export interface ObjectSummary {
  readonly id: ObjectId;
  readonly path: string;
  /** One line: images, ports, hosts, sizes, keys. */
  readonly text: string;
  /** {@link idText} of what it names. */
  readonly to: readonly string[];
}

/** Scalars as text; anything else is no value for a line. */
const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const ports = (object: KubeObject): string =>
  listOf(mapOf(object['spec'])['ports'])
    .map(mapOf)
    .map(
      ({ port, protocol, nodePort }) =>
        `${word(port)}/${word(protocol ?? 'TCP')}${nodePort === undefined ? '' : ` (node port ${word(nodePort)})`}`,
    )
    .join(', ');

const hosts = (object: KubeObject): string =>
  listOf(mapOf(object['spec'])['rules'])
    .map((rule) => word(mapOf(rule)['host'] ?? '*'))
    .join(', ');

const keys = (object: KubeObject): string =>
  Object.keys({
    ...mapOf(object['data']),
    ...mapOf(object['stringData']),
    ...mapOf(object['binaryData']),
  }).join(', ');

const workload = (object: KubeObject): string => {
  const pod = podSpecOf(object);
  const spec = mapOf(object['spec']);
  const images = pod === undefined ? [] : containersOf(pod).map(({ container }) => word(container['image']));
  const replicas = typeof spec['replicas'] === 'number' ? `${spec['replicas']} × ` : '';
  const schedule = typeof spec['schedule'] === 'string' ? `${spec['schedule']}: ` : '';
  return `${schedule}${replicas}${images.join(', ')}`;
};

const claim = (object: KubeObject): string => {
  const spec = mapOf(object['spec']);
  const size = mapOf(mapOf(spec['resources'])['requests'])['storage'];
  return [size, spec['storageClassName'], ...listOf(spec['accessModes'])]
    .map(word)
    .filter((part) => part !== '')
    .join(', ');
};

const byKind: Readonly<Record<string, (object: KubeObject) => string>> = {
  Service: ports,
  'Ingress.networking.k8s.io': hosts,
  ConfigMap: keys,
  Secret: (object) => `${word(object['type'] ?? 'Opaque')}: ${keys(object)}`,
  PersistentVolumeClaim: claim,
};

export const summaryOf = (object: KubeObject, path: string): ObjectSummary => {
  const id = idOf(object);
  return {
    id,
    path,
    text: (byKind[kindName(id)] ?? workload)(object),
    to: [
      ...new Set(
        referencesOf(object)
          .filter(({ to }) => to.kind !== 'Namespace')
          .map(({ to }) => idText(to)),
      ),
    ],
  };
};
