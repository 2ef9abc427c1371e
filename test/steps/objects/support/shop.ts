import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { type ApiServer, apiServer } from '../../../bundle/support/api/server.js';
import type { Options, WaveOf } from './bench.js';
import { restorePlan, sourceOf } from './bench.js';

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  part: { readonly metadata?: object; readonly [member: string]: unknown } = {},
): KubeObject => {
  const { metadata, ...rest } = part;
  return { apiVersion, kind, ...rest, metadata: { name, namespace: 'shop', ...metadata } };
};

const clusterWide = (value: KubeObject): KubeObject => {
  const { namespace: _, ...metadata } = value.metadata;
  return { ...value, metadata };
};

const pods = {
  template: { spec: { serviceAccountName: 'default', containers: [{ name: 'c', image: 'i' }] } },
};

export const namespace = clusterWide(object('v1', 'Namespace', 'shop'));
export const definition = clusterWide(
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true }],
    },
  }),
);
export const account = object('v1', 'ServiceAccount', 'default', { imagePullSecrets: [{ name: 'pull' }] });
export const secret = object('v1', 'Secret', 'login', { data: { password: 'aHVzaA==' } });
export const settings = object('v1', 'ConfigMap', 'settings', { data: { mode: 'new' } });
export const web = object('apps/v1', 'Deployment', 'web', {
  metadata: { uid: 'source-web' },
  spec: { replicas: 3, ...pods },
});
export const owned = object('v1', 'Secret', 'made-for-web', {
  metadata: {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'source-web' }],
  },
});
export const nightly = object('batch/v1', 'CronJob', 'nightly', {
  spec: { schedule: '0 3 * * *', jobTemplate: { spec: pods } },
});
export const widget = object('example.com/v1', 'Widget', 'one', { spec: { size: 3 } });
export const service = object('v1', 'Service', 'web', { spec: { ports: [{ port: 80 }] } });
export const ingress = object('networking.k8s.io/v1', 'Ingress', 'web', {
  spec: {
    rules: [
      { http: { paths: [{ path: '/', backend: { service: { name: 'web', port: { number: 80 } } } }] } },
    ],
  },
});

/** What stands in the target before: `shared` exists, with settings that a person made. */
export const target = (): ApiServer => {
  const server = apiServer('b');
  server.put(clusterWide(object('v1', 'Namespace', 'shared')), 'kubectl-create');
  server.put(sharedBefore, 'kubectl-create');
  // Deployments are ready at once here.
  server.settled = (made) =>
    made.kind === 'Deployment' ? { ...made, status: { availableReplicas: 9, observedGeneration: 99 } } : made;
  return server;
};

const sharedBefore: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'shared', namespace: 'shared', labels: { by: 'hand' } },
  data: { colour: 'red', kept: 'yes' },
};
export const shared: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'shared', namespace: 'shared' },
  data: { colour: 'blue' },
};

const waves: readonly WaveOf[] = [
  { objects: [definition] },
  { objects: [namespace] },
  {
    objects: [account, secret, settings, shared],
    gates: [{ kind: 'namespace', name: 'shop' }],
    verdict: ({ metadata }) => (metadata.name === 'shared' ? 'update' : 'later'),
  },
  { objects: [service, web], verdict: () => 'later' },
  {
    objects: [widget, owned, nightly],
    gates: [
      { kind: 'crd', name: 'widgets.example.com' },
      { kind: 'workload', workload: 'Deployment', namespace: 'shop', name: 'web' },
    ],
    verdict: () => 'later',
  },
  { objects: [ingress], verdict: () => 'later' },
];

export const all = waves.flatMap(({ objects }) => objects);

/** A small shop, its bundle and the plan that restores it. */
export const shop = (options: Options = {}) => ({
  server: target(),
  source: sourceOf(all),
  plan: restorePlan(waves, options),
});

const inCircle = (name: string, owner: string): KubeObject =>
  object('v1', 'ConfigMap', name, {
    metadata: {
      uid: `source-${name}`,
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: `source-${owner}` }],
    },
    data: { name },
  });

/** Three settings each of which owns another one, and one that is owned from within the circle. */
export const circle = () => {
  const objects = [
    inCircle('first', 'second'),
    inCircle('second', 'third'),
    inCircle('third', 'first'),
    inCircle('outside', 'third'),
  ];
  return { server: apiServer('b'), source: sourceOf(objects), plan: restorePlan([{ objects }]) };
};
