import type { KubeObject } from '../../core/ports/kube.js';
import { valueAt } from '../../spec/path.js';
import { isMap, type Loose, listOf, mapOf } from '../clean/draft.js';

/** A pod's spec inside an object, and where it stands. */
export interface PodSpecAt {
  readonly spec: Loose;
  readonly path: readonly string[];
}

/** Where the specification of the pods lies that a kind makes. */
export const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

const BUILT_IN = new Set(['v1', 'apps/v1', 'batch/v1', 'batch/v1beta1']);

/** The pod that a workload runs; undefined for everything else. */
export const podSpecOf = (object: KubeObject): PodSpecAt | undefined => {
  const path = POD_SPECS[object.kind];
  if (path === undefined || !BUILT_IN.has(object.apiVersion)) return undefined;
  const spec = valueAt(object, path);
  return isMap(spec) ? { spec, path } : undefined;
};

/** Groups of containers of a pod, in the order in which they start. */
export const CONTAINER_GROUPS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** All containers of a pod with their places. */
export const containersOf = ({
  spec,
  path,
}: PodSpecAt): readonly { readonly container: Loose; readonly path: string }[] =>
  CONTAINER_GROUPS.flatMap((group) =>
    listOf(spec[group]).map((container, index) => ({
      container: mapOf(container),
      path: `${path.join('.')}.${group}[${index}]`,
    })),
  );
