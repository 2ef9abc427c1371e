import type { Kube, KubeFailure, KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import { readingOnly } from '../../../src/steps/kube-reads.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { apiServer } from '../../bundle/support/api/server.js';
import { fakeHost, seeing, worldOf } from '../host/world.js';

export const NODE = 'agent-2';

/** A node as the API stores it. */
export const nodeObject = (spec: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE, ...metadata },
  spec,
});

/** A pod on the node; owned by a ReplicaSet unless told otherwise. */
export const podObject = (name: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true }],
    ...metadata,
  },
  spec: { nodeName: NODE },
  status: { phase: 'Running' },
});

const NOT_ALLOWED: KubeFailure = {
  kind: 'too-many-requests',
  status: 429,
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  causes: [],
};

/** A cluster in memory whose API evicts pods unless `guarded` names them, and what a step sees of it. */
export const clusterBench = (guarded: ReadonlySet<string> = new Set()) => {
  const api = apiServer('shop');
  const told: string[] = [];
  const create: Kube['create'] = async (ref, object, options) => {
    if (ref.below?.subresource !== 'eviction') return api.kube.create(ref, object, options);
    const { name } = ref.below;
    told.push(`evict ${name}`);
    if (guarded.has(name)) return err(NOT_ALLOWED);
    const pod = { resource: ref.resource, namespace: ref.namespace ?? '', name };
    const gone = await api.kube.delete(pod);
    return gone.ok ? ok(object) : gone;
  };
  const kube: Kube = { ...api.kube, create };
  const world: World = worldOf({});
  const { context: host } = fakeHost(world);
  const subject = { host: NODE, hosts: [NODE] };
  const context: ApplyContext = { ...host, subject, kube: () => Promise.resolve(ok(kube)) };
  const reading: VerifyContext = {
    ...seeing(world, ''),
    subject,
    kube: () => Promise.resolve(ok(readingOnly(kube))),
  };
  return {
    api,
    told,
    context,
    reading,
    node: () => api.find('v1', 'Node', NODE),
    pods: () => api.store.all({ group: '', version: 'v1', plural: 'pods' }).map((pod) => pod.metadata.name),
  };
};
