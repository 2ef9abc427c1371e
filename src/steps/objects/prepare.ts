import { mapOf } from '../../bundle/clean/draft.js';
import { idOf, kindName } from '../../bundle/model/object-id.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { unreachable } from '../../core/unreachable.js';
import type { PutBackParams, RestoreParams } from './params.js';

/** How what runs is restored: at once, or held back until it is put back. */
export type Treatment = Pick<RestoreParams, 'replicas' | 'cronJobs'>;

/** What an object gets back that was restored without it. */
export type HeldBack = PutBackParams['objects'][number]['value'];

const SCALED = new Set(['Deployment.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'ReplicationController']);
const SUSPENDED = new Set(['CronJob.batch', 'Job.batch']);

/** What a restore holds back of this object; undefined = nothing. */
export const heldBack = (object: KubeObject, { replicas, cronJobs }: Treatment): HeldBack | undefined => {
  const kind = kindName(idOf(object));
  const spec = mapOf(object['spec']);
  if (replicas === 'zero' && SCALED.has(kind)) {
    const wanted = typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
    return wanted === 0 ? undefined : { kind: 'replicas', replicas: wanted };
  }
  if (cronJobs === 'suspend' && SUSPENDED.has(kind))
    return spec['suspend'] === true ? undefined : { kind: 'suspend', suspend: false };
  return undefined;
};

const held = (object: KubeObject, value: HeldBack): KubeObject => {
  const spec = mapOf(object['spec']);
  switch (value.kind) {
    case 'replicas':
      return { ...object, spec: { ...spec, replicas: 0 } };
    case 'suspend':
      return { ...object, spec: { ...spec, suspend: true } };
    default:
      return unreachable(value);
  }
};

/** `at 0 of 3 replicas`, `suspended`: for the journal and for plans. */
export const heldText = (value: HeldBack): string =>
  value.kind === 'replicas' ? `at 0 of ${value.replicas} replicas` : 'suspended';

/**
 * An object as it is sent to the target: without what the server writes, held back where that was asked for. Plans
 * send the same to a dry run. Owner references still name the source; see `relinked`.
 */
export const prepared = (carried: KubeObject, treatment: Treatment): KubeObject => {
  const { status: _status, ...object } = carried;
  const { uid: _uid, resourceVersion: _version, managedFields: _managed, ...rest } = object.metadata;
  const {
    creationTimestamp: _time,
    generation: _generation,
    selfLink: _link,
    ...metadata
  } = rest as Record<string, unknown> & KubeObject['metadata'];
  const sent = { ...object, metadata } as KubeObject;
  const value = heldBack(sent, treatment);
  return value === undefined ? sent : held(sent, value);
};
