import type { KubeObject } from '../../core/ports/kube.js';
import { type Loose, listOf, mapOf } from '../clean/draft.js';
import { containersOf, podSpecOf } from './pod-template.js';
import { clusterReference, type Reference, type ReferenceFinder, referenceTo } from './reference.js';

const SECRET = { group: '', kind: 'Secret' };
const CONFIG_MAP = { group: '', kind: 'ConfigMap' };
const CLAIM = { group: '', kind: 'PersistentVolumeClaim' };
const ACCOUNT = { group: '', kind: 'ServiceAccount' };

const ofSource = (object: KubeObject, source: Loose, path: string): readonly Reference[] => {
  const secret = mapOf(source['secret']);
  const configMap = mapOf(source['configMap']);
  return [
    ...referenceTo(object, SECRET, {
      name: secret['secretName'] ?? secret['name'],
      path,
      optional: secret['optional'],
    }),
    ...referenceTo(object, CONFIG_MAP, { name: configMap['name'], path, optional: configMap['optional'] }),
  ];
};

const ofVolume = (object: KubeObject, volume: Loose, path: string): readonly Reference[] => [
  ...ofSource(object, volume, path),
  ...referenceTo(object, CLAIM, { name: mapOf(volume['persistentVolumeClaim'])['claimName'], path }),
  ...listOf(mapOf(volume['projected'])['sources']).flatMap((source) => ofSource(object, mapOf(source), path)),
];

const ofContainer = (object: KubeObject, container: Loose, path: string): readonly Reference[] => [
  ...listOf(container['envFrom']).flatMap((each, index) => {
    const { secretRef, configMapRef } = mapOf(each);
    return ofSource(object, { secret: secretRef, configMap: configMapRef }, `${path}.envFrom[${index}]`);
  }),
  ...listOf(container['env']).flatMap((each, index) => {
    const { secretKeyRef, configMapKeyRef } = mapOf(mapOf(each)['valueFrom']);
    return ofSource(object, { secret: secretKeyRef, configMap: configMapKeyRef }, `${path}.env[${index}]`);
  }),
];

/** What the pods of a workload need: configuration, secrets, claims, accounts, classes. */
export const ofPods: ReferenceFinder = (object) => {
  const pod = podSpecOf(object);
  if (pod === undefined) return [];
  const { spec } = pod;
  const at = pod.path.join('.');
  return [
    ...listOf(spec['volumes']).flatMap((volume, index) =>
      ofVolume(object, mapOf(volume), `${at}.volumes[${index}]`),
    ),
    ...containersOf(pod).flatMap(({ container, path }) => ofContainer(object, container, path)),
    ...listOf(spec['imagePullSecrets']).flatMap((each, index) =>
      referenceTo(object, SECRET, { name: mapOf(each)['name'], path: `${at}.imagePullSecrets[${index}]` }),
    ),
    ...referenceTo(object, ACCOUNT, { name: spec['serviceAccountName'], path: `${at}.serviceAccountName` }),
    ...clusterReference(
      { group: 'scheduling.k8s.io', kind: 'PriorityClass' },
      spec['priorityClassName'],
      `${at}.priorityClassName`,
    ),
    ...clusterReference(
      { group: 'node.k8s.io', kind: 'RuntimeClass' },
      spec['runtimeClassName'],
      `${at}.runtimeClassName`,
    ),
  ];
};
