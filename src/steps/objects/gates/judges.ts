import { isMap, listOf, mapOf } from '../../../bundle/clean/draft.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { Judge } from './await-objects.js';

const ABSENT = 'it is not there';

const statusOf = (object: KubeObject): Readonly<Record<string, unknown>> => mapOf(object['status']);
const specOf = (object: KubeObject): Readonly<Record<string, unknown>> => mapOf(object['spec']);
const figure = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

/** A condition that must be True; what it says when it is not. */
const condition =
  (type: string): Judge =>
  (object) => {
    if (object === undefined) return ABSENT;
    const found = listOf(statusOf(object)['conditions'])
      .filter(isMap)
      .find((each) => each['type'] === type);
    if (found?.['status'] === 'True') return undefined;
    const said = found?.['message'];
    return typeof said === 'string' && said !== '' ? said : `it is not ${type} yet`;
  };

export const established: Judge = condition('Established');
export const available: Judge = condition('Available');

export const active: Judge = (object) => {
  if (object === undefined) return ABSENT;
  const { phase = 'Active' } = statusOf(object);
  return phase === 'Active' ? undefined : `it is ${String(phase)}`;
};

export const present: Judge = (object) => (object === undefined ? ABSENT : undefined);

/** `2 of 3 replicas are ready`; the controller must have seen the present specification. */
const readyOf =
  (count: (object: KubeObject) => { readonly ready: number; readonly wanted: number }): Judge =>
  (object) => {
    if (object === undefined) return ABSENT;
    const seen = figure(statusOf(object)['observedGeneration'], 0);
    if (seen < figure(object.metadata['generation'], 0)) return 'its controller has not seen it yet';
    const { ready, wanted } = count(object);
    return ready >= wanted ? undefined : `${ready} of ${wanted} replicas are ready`;
  };

const replicas = (member: string): Judge =>
  readyOf((object) => ({
    ready: figure(statusOf(object)[member], 0),
    wanted: figure(specOf(object)['replicas'], 1),
  }));

/** All replicas of a workload are ready. */
export const workloadReady: Readonly<Record<'Deployment' | 'StatefulSet' | 'DaemonSet', Judge>> = {
  Deployment: replicas('availableReplicas'),
  StatefulSet: replicas('readyReplicas'),
  DaemonSet: readyOf((object) => ({
    ready: figure(statusOf(object)['numberReady'], 0),
    wanted: figure(statusOf(object)['desiredNumberScheduled'], 0),
  })),
};

/** A slice with an endpoint that is ready. */
export const endpointReady: Judge = (slice) => {
  const ready = listOf(slice?.['endpoints'])
    .filter(isMap)
    .some(({ conditions }) => mapOf(conditions)['ready'] !== false);
  return ready ? undefined : 'no endpoint is ready';
};
