import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedObject } from '../../../src/bundle/carry/carry.js';
import type { CarriedObject } from '../../../src/bundle/model/carried-object.js';
import { STAGES } from '../../../src/bundle/order/stages.js';
import { type Wave, wavesOf } from '../../../src/bundle/order/waves.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { namespace, object, secret } from '../support/objects.js';

const cluster = (
  apiVersion: string,
  kind: string,
  name: string,
  more: Record<string, unknown> = {},
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});
const carried = (...objects: readonly KubeObject[]): CarriedObject[] =>
  objects.map((each) =>
    carriedObject(each, `uid-of-${each.kind}-${each.metadata.namespace ?? ''}-${each.metadata.name}`),
  );
const shown = (waves: readonly Wave[]) => waves.map(({ stage, keys }) => `${stage}: ${keys.join(' ')}`);
const waveOf = (waves: readonly Wave[], key: string): number =>
  waves.findIndex(({ keys }) => keys.includes(key));

const rbac = 'rbac.authorization.k8s.io/v1';
const template = (labels: object, spec: object = {}) => ({
  metadata: { labels },
  spec: { containers: [], ...spec },
});
const widgets = cluster('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    conversion: {
      strategy: 'Webhook',
      webhook: { clientConfig: { service: { name: 'hook', namespace: 'shop' } } },
    },
  },
});
const widget = (name: string, spec: object = {}): KubeObject =>
  object('example.com/v1', 'Widget', name, { spec });
const operator: readonly KubeObject[] = [
  object('apps/v1', 'Deployment', 'operator', {
    spec: { template: template({ app: 'operator' }, { serviceAccountName: 'operator' }) },
  }),
  object('v1', 'ServiceAccount', 'operator'),
  object('v1', 'Service', 'hook', { spec: { selector: { app: 'operator' } } }),
  cluster(rbac, 'ClusterRole', 'operator', {
    rules: [{ apiGroups: ['example.com'], resources: ['widgets/status'], verbs: ['update'] }],
  }),
  cluster(rbac, 'ClusterRoleBinding', 'operator', {
    roleRef: { kind: 'ClusterRole', name: 'operator' },
    subjects: [{ kind: 'ServiceAccount', name: 'operator', namespace: 'shop' }],
  }),
];
const webhook = (name: string, failurePolicy?: string): KubeObject =>
  cluster('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', name, {
    webhooks: [{ clientConfig: { service: { name: 'hook', namespace: 'shop' } }, failurePolicy }],
  });

describe('waves', () => {
  it('go from what others are made of to what may refuse others', () => {
    const waves = wavesOf(
      carried(
        webhook('strict'),
        webhook('lenient', 'Ignore'),
        object('networking.k8s.io/v1', 'Ingress', 'web'),
        object('batch/v1', 'CronJob', 'nightly'),
        object('apps/v1', 'Deployment', 'web', { spec: { template: template({ app: 'web' }) } }),
        widget('one'),
        secret('token', {}),
        object('v1', 'PersistentVolumeClaim', 'data'),
        object('v1', 'ResourceQuota', 'limit'),
        cluster('scheduling.k8s.io/v1', 'PriorityClass', 'high'),
        namespace('shop'),
        widgets,
        ...operator,
      ),
    );
    expect(shown(waves)).toMatchInlineSnapshot(`
      [
        "definitions: CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com",
        "namespaces: Namespace/shop",
        "classes: PriorityClass.scheduling.k8s.io/high",
        "accounts: shop/ServiceAccount/operator",
        "configuration: shop/Secret/token",
        "roles: ClusterRole.rbac.authorization.k8s.io/operator",
        "bindings: ClusterRoleBinding.rbac.authorization.k8s.io/operator",
        "limits: shop/ResourceQuota/limit",
        "claims: shop/PersistentVolumeClaim/data",
        "services: shop/Service/hook",
        "operators: shop/Deployment.apps/operator",
        "custom resources: shop/Widget.example.com/one",
        "workloads: shop/Deployment.apps/web",
        "jobs: shop/CronJob.batch/nightly",
        "routes: shop/Ingress.networking.k8s.io/web",
        "webhooks: ValidatingWebhookConfiguration.admissionregistration.k8s.io/lenient",
        "failing webhooks: ValidatingWebhookConfiguration.admissionregistration.k8s.io/strict",
      ]
    `);
  });

  it('wait for definitions, namespaces, operators and back ends, each once', () => {
    const waves = wavesOf(
      carried(webhook('strict'), widget('one'), widget('two'), namespace('shop'), widgets, ...operator),
    );
    expect(waves.map(({ stage, gates }) => [stage, gates])).toMatchInlineSnapshot(`
      [
        [
          "definitions",
          [],
        ],
        [
          "namespaces",
          [],
        ],
        [
          "accounts",
          [
            {
              "kind": "namespace",
              "name": "shop",
            },
          ],
        ],
        [
          "roles",
          [],
        ],
        [
          "bindings",
          [],
        ],
        [
          "services",
          [],
        ],
        [
          "operators",
          [],
        ],
        [
          "custom resources",
          [
            {
              "kind": "crd",
              "name": "widgets.example.com",
            },
            {
              "kind": "service",
              "name": "hook",
              "namespace": "shop",
            },
            {
              "kind": "workload",
              "name": "operator",
              "namespace": "shop",
              "workload": "Deployment",
            },
          ],
        ],
        [
          "failing webhooks",
          [],
        ],
      ]
    `);
  });

  it('put what has an owner behind it, so that the new UID is known', () => {
    const owned = secret(
      'kept',
      {},
      {
        metadata: { ownerReferences: [{ kind: 'Widget', name: 'one', uid: 'uid-of-Widget-shop-one' }] },
      },
    );
    const waves = wavesOf(carried(owned, widget('one'), widgets));
    expect(waveOf(waves, 'shop/Secret/kept')).toBeGreaterThan(waveOf(waves, 'shop/Widget.example.com/one'));
  });

  it('put custom resources behind those that they name', () => {
    const waves = wavesOf(
      carried(
        widget('a', { parentRef: { kind: 'Widget', name: 'b' } }),
        widget('b', { parentRef: { kind: 'Widget', name: 'c' } }),
        widget('c'),
      ),
    );
    expect(waves.map(({ keys }) => keys)).toEqual([
      ['shop/Widget.example.com/c'],
      ['shop/Widget.example.com/b'],
      ['shop/Widget.example.com/a'],
    ]);
  });

  it('break circles of names, and keep the order of owners within them', () => {
    const ring = [
      widget('a', { nextRef: { kind: 'Widget', name: 'b' } }),
      widget('b', { nextRef: { kind: 'Widget', name: 'a' } }),
    ];
    expect(wavesOf(carried(...ring)).map(({ keys }) => keys.length)).toEqual([2]);
    const owner = {
      metadata: { ownerReferences: [{ kind: 'Widget', name: 'b', uid: 'uid-of-Widget-shop-b' }] },
    };
    const owned = object('example.com/v1', 'Widget', 'a', { ...owner, spec: {} });
    const named = widget('b', { nextRef: { kind: 'Widget', name: 'a' } });
    const waves = wavesOf(carried(owned, named));
    expect(waves.map(({ keys }) => keys)).toEqual([
      ['shop/Widget.example.com/b'],
      ['shop/Widget.example.com/a'],
    ]);
  });

  it('do not wait for a back end that has no replicas', () => {
    const idle = operator.map((each) =>
      each.kind === 'Deployment' ? { ...each, spec: { ...(each['spec'] as object), replicas: 0 } } : each,
    );
    const gates = wavesOf(carried(webhook('strict'), ...idle)).flatMap((wave) => wave.gates);
    expect(gates.filter(({ kind }) => kind === 'service')).toEqual([]);
  });
});

describe('any set of objects', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const ref = fc.record({ kind: fc.constant('Widget'), name });
  const any = fc.oneof(
    name.map((each) => namespace(each)),
    fc.constant(widgets),
    fc
      .tuple(
        name,
        fc.constantFrom('a', 'b', 'c'),
        fc.array(ref, { maxLength: 2 }),
        fc.array(name, { maxLength: 2 }),
      )
      .map(([own, where, targetRefs, owners]) =>
        object('example.com/v1', 'Widget', own, {
          metadata: {
            namespace: where,
            ownerReferences: owners.map((owner) => ({
              kind: 'Widget',
              name: owner,
              uid: `uid-of-Widget-${where}-${owner}`,
            })),
          },
          spec: { targetRefs },
        }),
      ),
    fc
      .tuple(name, fc.constantFrom('ConfigMap', 'Secret', 'Service', 'ServiceAccount'))
      .map(([own, kind]) => object('v1', kind, own)),
    name.map((own) => webhook(own)),
    name.map((own) =>
      object('apps/v1', 'Deployment', own, {
        spec: { template: template({ app: own }, { volumes: [{ name: 'v', secret: { secretName: own } }] }) },
      }),
    ),
  );
  const sets = fc.uniqueArray(any, {
    maxLength: 25,
    selector: ({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
  });

  it('is written once each, after its namespace and its definition, in the order of stages', () => {
    fc.assert(
      fc.property(sets, (objects) => {
        const all = carried(...objects);
        const waves = wavesOf(all);
        expect(waves.flatMap(({ keys }) => keys).sort()).toEqual(all.map(({ key }) => key).sort());
        const ranks = waves.map(({ stage }) => STAGES.indexOf(stage));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const { key, object: each } of all) {
          const before = [
            `Namespace/${each.metadata.namespace ?? ''}`,
            ...(each.kind === 'Widget'
              ? ['CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com']
              : []),
          ].filter((other) => all.some((known) => known.key === other));
          for (const other of before) expect(waveOf(waves, other)).toBeLessThan(waveOf(waves, key));
        }
      }),
    );
  });

  it('gets the same waves in whatever order it comes', () => {
    fc.assert(
      fc.property(
        sets.chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
        ),
        ([objects, shuffled]) => {
          expect(wavesOf(carried(...shuffled))).toEqual(wavesOf(carried(...objects)));
        },
      ),
    );
  });

  it('is never gated by something that is not written before', () => {
    fc.assert(
      fc.property(sets, (objects) => {
        const waves = wavesOf(carried(...objects));
        const written = new Set<string>();
        for (const { keys, gates } of waves) {
          for (const gate of gates) {
            const key = {
              crd: `CustomResourceDefinition.apiextensions.k8s.io/${gate.name}`,
              namespace: `Namespace/${gate.name}`,
              'api-service': `APIService.apiregistration.k8s.io/${gate.name}`,
              service: `shop/Service/${gate.name}`,
              workload: `shop/Deployment.apps/${gate.name}`,
            }[gate.kind];
            expect(written).toContain(key);
          }
          for (const key of keys) written.add(key);
        }
      }),
    );
  });
});
