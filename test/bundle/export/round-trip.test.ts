import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportBundle } from '../../../src/bundle/export/export.js';
import { idOf, kindName } from '../../../src/bundle/model/object-id.js';
import { openBundle, readObjects } from '../../../src/bundle/store/read.js';
import { canonicalJson } from '../../../src/core/canonical.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { person } from '../support/age.js';
import { exportInput } from '../support/export-input.js';
import { type FakeCluster, fakeCluster } from '../support/fake-kube.js';
import { namespace } from '../support/objects.js';

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
const KINDS: readonly (readonly [
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
];
const objects = fc.tuple(
  ...KINDS.map(([apiVersion, kind, members]) =>
    fc.array(fc.tuple(name, members), { minLength: 1, maxLength: 2 }).map((all) =>
      all.map(
        ([called, rest]): KubeObject => ({
          apiVersion,
          kind,
          metadata: {
            name: called,
            namespace: 'shop',
            finalizers: ['x/y'],
            annotations: { 'objectset.rio.cattle.io/id': 'x', mine: 'y' },
          },
          ...rest,
          status: { seen: true },
        }),
      ),
    ),
  ),
);

const exported = async (
  cluster: FakeCluster,
  folder: string,
  wrap: KeyWrap,
): Promise<readonly KubeObject[]> => {
  const done = await exportBundle(exportInput(cluster, { folder, wrap }));
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const bundle = await openBundle(folder, wrap);
  const read = bundle.ok ? await readObjects(bundle.value) : bundle;
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};

it('exports the same from the cluster that objects were carried to, for objects of every kind', async () => {
  const { wrap } = await person();
  await fc.assert(
    fc.asyncProperty(objects, async (generated) => {
      const folder = await mkdtemp(join(tmpdir(), 'drover-round-'));
      try {
        const [a, b] = [fakeCluster('a'), fakeCluster('b')];
        for (const object of [namespace('shop'), ...generated.flat()]) a.put(object);
        const carried = await exported(a, join(folder, 'a'), wrap);
        for (const object of carried) b.put(object);
        const again = await exported(b, join(folder, 'b'), wrap);
        expect(again.map(canonicalJson)).toEqual(carried.map(canonicalJson));
        const kinds = new Set(carried.map((object) => kindName(idOf(object))));
        expect(kinds.size).toBe(KINDS.length + 1);
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);
