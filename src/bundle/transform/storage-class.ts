import type { KubeObject } from '../../core/ports/kube.js';
import { type Path, valueAt } from '../../spec/path.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { matches } from '../clean/pattern.js';
import { withValue } from './edit.js';
import type { Change } from './model.js';

const PLACES: Readonly<Record<string, readonly string[]>> = {
  PersistentVolumeClaim: ['spec', 'storageClassName'],
  PersistentVolume: ['spec', 'storageClassName'],
  StatefulSet: ['spec', 'volumeClaimTemplates', '*', 'spec', 'storageClassName'],
};

/** Lets claims, volumes and templates of claims name another class. */
export const storageClass: Change<Extract<Transform, { change: 'storage-class' }>> = (
  object,
  { from, to },
) => {
  const pattern = PLACES[object.kind];
  const paths: readonly Path[] = pattern === undefined ? [] : matches(object, pattern);
  const result = paths
    .filter((path) => valueAt(object, path) === from)
    .reduce<unknown>((value, path) => withValue(value, path, to), object);
  return { object: result as KubeObject, findings: [] };
};
