import fc from 'fast-check';
import type { KubeObject } from '../../../src/core/ports/kube.js';

const CLUSTER_WIDE = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'ValidatingWebhookConfiguration',
]);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const texts = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/), fc.string({ unit: 'grapheme' }));
const container = fc.record({
  name,
  image: fc.constantFrom('nginx', 'a.example.com/b:1'),
  env: fc.array(fc.record({ name, value: fc.string() }), { maxLength: 2 }),
});
const template = fc.record({
  spec: fc.record({
    containers: fc.array(container, { minLength: 1, maxLength: 2 }),
    volumes: fc.constant([{ name: 'tmp', emptyDir: {} }]),
  }),
});
const free = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }));

/** Members of objects by kind; whatever else an object has comes from the server. */
export const GENERATED: readonly (readonly [
  apiVersion: string,
  kind: string,
  members: fc.Arbitrary<Record<string, unknown>>,
])[] = [
  ['v1', 'ConfigMap', fc.record({ data: texts })],
  [
    'v1',
    'Secret',
    fc.record({
      type: fc.constant('Opaque'),
      data: texts.map((data) =>
        Object.fromEntries(
          Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
        ),
      ),
    }),
  ],
  [
    'v1',
    'Service',
    fc.record({
      spec: fc.record({
        clusterIP: fc.constantFrom('None', '10.0.0.7'),
        ports: fc.constant([{ port: 80, nodePort: 30080 }]),
        ipFamilies: fc.constant(['IPv4']),
      }),
    }),
  ],
  ['v1', 'ServiceAccount', fc.record({ imagePullSecrets: fc.constant([{ name: 'pull' }]) })],
  [
    'v1',
    'PersistentVolumeClaim',
    fc.record({
      spec: fc.record({
        volumeName: name,
        storageClassName: name,
        resources: fc.constant({ requests: { storage: '1Gi' } }),
      }),
    }),
  ],
  [
    'v1',
    'Pod',
    fc.record({
      spec: fc.record({ nodeName: name, containers: fc.array(container, { minLength: 1, maxLength: 1 }) }),
    }),
  ],
  ['apps/v1', 'Deployment', fc.record({ spec: fc.record({ replicas: fc.nat(9), template }) })],
  [
    'apps/v1',
    'StatefulSet',
    fc.record({
      spec: fc.record({
        replicas: fc.nat(9),
        template,
        volumeClaimTemplates: fc.constant([{ spec: { storageClassName: 'x' } }]),
      }),
    }),
  ],
  ['batch/v1', 'Job', fc.record({ spec: fc.record({ selector: free, template }) })],
  [
    'batch/v1',
    'CronJob',
    fc.record({
      spec: fc.record({
        schedule: fc.constant('0 3 * * *'),
        jobTemplate: fc.record({ spec: fc.record({ template }) }),
      }),
    }),
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    fc.record({
      spec: fc.record({ ingressClassName: name, rules: fc.constant([{ host: 'a.example.com' }]) }),
    }),
  ],
  [
    'networking.k8s.io/v1',
    'NetworkPolicy',
    fc.record({ spec: fc.record({ podSelector: fc.constant({}), ingress: fc.constant([]) }) }),
  ],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', fc.record({ spec: free })],
  [
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    fc.record({
      subjects: fc.array(fc.record({ kind: fc.constant('ServiceAccount'), name }), { maxLength: 2 }),
    }),
  ],
  ['example.com/v1', 'Widget', fc.record({ spec: free })],
  ['apps/v1', 'DaemonSet', fc.record({ spec: fc.record({ template }) })],
  ['policy/v1', 'PodDisruptionBudget', fc.record({ spec: fc.record({ minAvailable: fc.nat(3) }) })],
  ['v1', 'LimitRange', fc.record({ spec: fc.record({ limits: fc.constant([]) }) })],
  ['v1', 'ResourceQuota', fc.record({ spec: fc.record({ hard: fc.constant({ pods: '900' }) }) })],
  [
    'v1',
    'Endpoints',
    fc.record({ subsets: fc.constant([{ addresses: [{ ip: '10.9.9.9' }], ports: [{ port: 5432 }] }]) }),
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'Role',
    fc.record({ rules: fc.constant([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]) }),
  ],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', fc.record({ rules: fc.constant([]) })],
  [
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    fc.record({
      roleRef: fc.constant({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }),
      subjects: fc.constant([{ kind: 'ServiceAccount', name: 'a', namespace: 'shop' }]),
    }),
  ],
  ['scheduling.k8s.io/v1', 'PriorityClass', fc.record({ value: fc.nat(1000) })],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    fc.record({
      webhooks: fc.constant([{ name: 'a.example.com', clientConfig: { url: 'https://a.example.com' } }]),
    }),
  ],
];
/** A namespace full of objects of every kind, as a cluster would show them. */
export const generatedObjects: fc.Arbitrary<readonly KubeObject[]> = fc
  .tuple(
    ...GENERATED.map(([apiVersion, kind, members]) =>
      fc.array(fc.tuple(name, members), { minLength: 1, maxLength: 2 }).map((all) =>
        all.map(
          ([called, rest]): KubeObject => ({
            apiVersion,
            kind,
            metadata: {
              name: called,
              ...(CLUSTER_WIDE.has(kind) ? {} : { namespace: 'shop' }),
              finalizers: ['x/y'],
              annotations: { 'objectset.rio.cattle.io/id': 'x', mine: 'y' },
            },
            ...rest,
            status: { seen: true },
          }),
        ),
      ),
    ),
  )
  .map((all) => all.flat());
