import type { KubeObject } from '../../core/ports/kube.js';
import { ofKind } from './of-kinds.js';
import { ofPods } from './of-pods.js';
import { clusterReference, type Reference } from './reference.js';

/** Everything that an object names, its own namespace first. */
export const referencesOf = (object: KubeObject): readonly Reference[] => [
  ...clusterReference({ group: '', kind: 'Namespace' }, object.metadata.namespace, 'metadata.namespace'),
  ...ofPods(object),
  ...ofKind(object),
];
