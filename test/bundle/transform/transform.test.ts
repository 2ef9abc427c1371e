import { describe, expect, it } from 'vitest';
import { applyTransforms } from '../../../src/bundle/transform/apply.js';
import { defaultTransforms } from '../../../src/bundle/transform/defaults.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { type Transform, transformSchema } from '../../../src/spec/schema/transforms.js';
import { namespace, object, secret } from '../support/objects.js';

const parse = (...transforms: readonly object[]): readonly Transform[] =>
  transforms.map((each) => transformSchema.parse(each));
const apply = (objects: readonly KubeObject[], ...transforms: readonly object[]) =>
  applyTransforms(objects, parse(...transforms));
const one = (value: KubeObject, ...transforms: readonly object[]) => apply([value], ...transforms).objects[0];
const workload = (kind: string, spec: object): KubeObject => {
  const template = { spec };
  return kind === 'CronJob'
    ? object('batch/v1', kind, 'w', { spec: { jobTemplate: { spec: { template } } } })
    : object('apps/v1', kind, 'w', { spec: { template } });
};

describe('a namespace', () => {
  const move = { change: 'namespace', from: 'shop', to: 'store' };
  const service = object('v1', 'Service', 'db', {});

  it('moves with its objects and with what names it', () => {
    const policy = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    const before: KubeObject[] = [
      namespace('shop'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {
        subjects: [
          { kind: 'ServiceAccount', name: 'a', namespace: 'shop' },
          { kind: 'User', name: 'system:serviceaccount:shop:a' },
        ],
      }),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'p', {
        spec: { ingress: [{ from: [policy('shop'), policy('other')] }] },
      }),
      object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'w', {
        metadata: {
          annotations: {
            'cert-manager.io/inject-ca-from': 'shop/cert',
            'meta.helm.sh/release-namespace': 'shop',
          },
        },
        webhooks: [{ clientConfig: { service: { name: 's', namespace: 'shop' } } }],
      }),
    ];
    const { objects } = apply(before, move);
    expect(objects[0]?.metadata.name).toBe('store');
    expect(objects[1]).toMatchObject({
      metadata: { namespace: 'store' },
      subjects: [{ namespace: 'store' }, { name: 'system:serviceaccount:store:a' }],
    });
    expect(objects[2]?.['spec']).toEqual({ ingress: [{ from: [policy('store'), policy('other')] }] });
    expect(objects[3]).toMatchObject({
      metadata: {
        annotations: {
          'cert-manager.io/inject-ca-from': 'store/cert',
          'meta.helm.sh/release-namespace': 'store',
        },
      },
      webhooks: [{ clientConfig: { service: { namespace: 'store' } } }],
    });
  });

  it('is found in names of hosts: variables, arguments, configuration, connection strings in Secrets', () => {
    const container = {
      args: ['--db=db.shop.svc.cluster.local:5432'],
      env: [
        { name: 'A', value: 'http://db.shop:80/shop' },
        { name: 'B', value: 'shop' },
      ],
    };
    const text = 'db.shop.svc, cache.shop.example.com, notdb.shop, shop.svc, db.shopping.svc';
    const { objects } = apply(
      [
        service,
        workload('Deployment', { containers: [container] }),
        object('v1', 'ConfigMap', 'c', { data: { text } }),
        secret('s', { url: 'postgres://u:p@db.shop.svc/shop', binary: 'x' }),
      ],
      move,
    );
    expect(objects[1]?.['spec']).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              args: ['--db=db.store.svc.cluster.local:5432'],
              env: [{ value: 'http://db.store:80/shop' }, { value: 'shop' }],
            },
          ],
        },
      },
    });
    expect((objects[2]?.['data'] as { text: string }).text).toBe(
      'db.store.svc, cache.shop.example.com, notdb.shop, shop.svc, db.shopping.svc',
    );
    expect(Buffer.from((objects[3]?.['data'] as { url: string }).url, 'base64').toString()).toBe(
      'postgres://u:p@db.store.svc/shop',
    );
  });

  it('leaves binary values and Helm records as they are', () => {
    const bytes = Buffer.from([0xff, 0xfe, ...Buffer.from('db.shop.svc')]).toString('base64');
    const binary = object('v1', 'Secret', 's', { data: { bytes } });
    expect(one(binary, move)?.['data']).toEqual({ bytes });
    const record = secret('r', { release: 'db.shop.svc' }, { type: 'helm.sh/release.v1' });
    expect(one(record, move)?.['data']).toEqual(record['data']);
  });
});

describe('images', () => {
  const map = {
    change: 'image-registry',
    from: 'docker.io/library',
    to: 'rg.example.com/mirror',
    paths: [{ kind: 'Widget.example.com', path: 'spec.image' }],
  };

  it.each([
    ['nginx', 'rg.example.com/mirror/nginx'],
    ['nginx:1.27', 'rg.example.com/mirror/nginx:1.27'],
    ['docker.io/library/nginx@sha256:00', 'rg.example.com/mirror/nginx@sha256:00'],
    ['docker.io/librarything/nginx', 'docker.io/librarything/nginx'],
    ['bitnami/nginx', 'bitnami/nginx'],
    ['localhost:5000/nginx', 'localhost:5000/nginx'],
  ])('%s becomes %s', (from, to) => {
    for (const kind of ['Deployment', 'CronJob'])
      for (const group of ['containers', 'initContainers', 'ephemeralContainers'])
        expect(JSON.stringify(one(workload(kind, { [group]: [{ image: from }] }), map))).toContain(
          `"image":"${to}"`,
        );
  });

  it('are found in custom resources where the spec says', () => {
    expect(one(object('example.com/v1', 'Widget', 'w', { spec: { image: 'redis' } }), map)?.['spec']).toEqual(
      { image: 'rg.example.com/mirror/redis' },
    );
    expect(one(object('example.com/v1', 'Other', 'w', { spec: { image: 'redis' } }), map)?.['spec']).toEqual({
      image: 'redis',
    });
  });
});

describe('classes', () => {
  it('of storage change in claims and templates', () => {
    const map = { change: 'storage-class', from: 'local-path', to: 'fast' };
    expect(
      one(object('v1', 'PersistentVolumeClaim', 'c', { spec: { storageClassName: 'local-path' } }), map)?.[
        'spec'
      ],
    ).toEqual({ storageClassName: 'fast' });
    const set = object('apps/v1', 'StatefulSet', 's', {
      spec: {
        volumeClaimTemplates: [
          { spec: { storageClassName: 'local-path' } },
          { spec: { storageClassName: 'other' } },
        ],
      },
    });
    expect(one(set, map)?.['spec']).toEqual({
      volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }, { spec: { storageClassName: 'other' } }],
    });
  });

  it('of Ingresses change with their annotations, and those without a counterpart are told', () => {
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'i', {
      metadata: {
        annotations: {
          'kubernetes.io/ingress.class': 'nginx',
          'nginx.ingress.kubernetes.io/proxy-body-size': '0',
          'nginx.ingress.kubernetes.io/auth-url': 'http://a',
          other: 'kept',
        },
      },
      spec: {},
    });
    const { objects, findings } = apply([ingress], { change: 'ingress-class', from: 'nginx', to: 'traefik' });
    expect(objects[0]?.metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/auth-url': 'http://a',
      other: 'kept',
    });
    expect(objects[0]?.['spec']).toEqual({ ingressClassName: 'traefik' });
    expect(findings).toMatchObject([
      {
        code: 'transform-annotation',
        message:
          'nginx.ingress.kubernetes.io/auth-url: http://a has no counterpart for traefik; it is kept and does nothing',
      },
    ]);
    const back = object('networking.k8s.io/v1', 'Ingress', 'i', {
      metadata: { annotations: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' } },
      spec: { ingressClassName: 'traefik' },
    });
    expect(
      one(back, { change: 'ingress-class', from: 'traefik', to: 'nginx' })?.metadata.annotations,
    ).toEqual({ 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' });
  });
});

describe('names of hosts', () => {
  it('change as a whole wherever a text holds them', () => {
    const map = { change: 'host-name', from: 'shop.example.com', to: 'shop.example.org' };
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'i', {
      spec: {
        rules: [{ host: 'shop.example.com' }, { host: 'my-shop.example.com' }],
        tls: [{ hosts: ['shop.example.com'] }],
      },
    });
    expect(one(ingress, map)?.['spec']).toEqual({
      rules: [{ host: 'shop.example.org' }, { host: 'my-shop.example.com' }],
      tls: [{ hosts: ['shop.example.org'] }],
    });
    const text = 'https://shop.example.com/a shop.example.community x.shop.example.com shop.example.com.';
    expect(one(object('v1', 'ConfigMap', 'c', { data: { text } }), map)?.['data']).toEqual({
      text: 'https://shop.example.org/a shop.example.community x.shop.example.com shop.example.org.',
    });
    const url = one(secret('s', { url: 'https://shop.example.com' }), map)?.['data'] as { url: string };
    expect(Buffer.from(url.url, 'base64').toString()).toBe('https://shop.example.org');
  });
});

describe('workloads', () => {
  it('get other replicas where they are selected', () => {
    const web = object('apps/v1', 'Deployment', 'web', { spec: { replicas: 5 } });
    expect(
      one(web, { change: 'replicas', to: 1, only: { kind: 'Deployment.apps', name: 'web' } })?.['spec'],
    ).toEqual({ replicas: 1 });
    expect(one(web, { change: 'replicas', to: 1, only: { name: 'other' } })?.['spec']).toEqual({
      replicas: 5,
    });
  });

  it('lose labels of the old nodes from selectors and affinities, without matching no node at all', () => {
    const term = (...keys: readonly string[]) => ({
      matchExpressions: keys.map((key) => ({ key, operator: 'Exists' })),
    });
    const required = (...terms: readonly object[]) => ({
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
    });
    const change = { change: 'node-selector', remove: ['zone'], set: { disk: 'ssd' } };
    const spec = (value: KubeObject | undefined) =>
      (value?.['spec'] as { template: { spec: object } }).template.spec;
    expect(
      spec(
        one(
          workload('Deployment', {
            nodeSelector: { zone: 'a', gpu: 'yes' },
            affinity: required(term('zone', 'gpu')),
          }),
          change,
        ),
      ),
    ).toEqual({
      nodeSelector: { gpu: 'yes', disk: 'ssd' },
      affinity: required(term('gpu')),
    });
    expect(
      spec(one(workload('Deployment', { affinity: required(term('zone'), term('gpu')) }), change)),
    ).toEqual({ nodeSelector: { disk: 'ssd' }, affinity: {} });
  });
});

describe('JSON patches', () => {
  const web = object('apps/v1', 'Deployment', 'web', { spec: { list: ['a', 'b'], 'with/slash': 1 } });
  const patch = (...operations: readonly object[]) => ({ change: 'json-patch', patch: operations });

  it('do what RFC 6902 says', () => {
    const done = one(
      web,
      patch(
        { op: 'add', path: '/spec/list/1', value: 'x' },
        { op: 'add', path: '/spec/list/-', value: 'end' },
        { op: 'replace', path: '/spec/with~1slash', value: 2 },
        { op: 'copy', from: '/spec/list/0', path: '/spec/copied' },
        { op: 'move', from: '/spec/with~1slash', path: '/spec/moved' },
        { op: 'remove', path: '/spec/list/0' },
      ),
    );
    expect(done?.['spec']).toEqual({ list: ['x', 'b', 'end'], copied: 'a', moved: 2 });
  });

  it('leave objects alone whose test does not hold, and tell when they do not fit', () => {
    const guarded = apply(
      [web],
      patch({ op: 'test', path: '/spec/list/0', value: 'z' }, { op: 'remove', path: '/spec/nothing' }),
    );
    expect(guarded.findings.map(({ code }) => code)).toEqual(['transform-unmatched']);
    const broken = apply(
      [web],
      patch({ op: 'add', path: '/spec/new', value: 1 }, { op: 'remove', path: '/spec/nothing' }),
    );
    expect(broken.objects[0]).toEqual(web);
    expect(broken.findings).toMatchObject([
      {
        code: 'transform-failed',
        severity: 'error',
        message: 'a JSON patch cannot be applied: /spec/nothing does not exist',
      },
      { code: 'transform-unmatched' },
    ]);
  });
});

describe('all of them', () => {
  it('are applied in order, counted, and change nothing that they were given', () => {
    const web = workload('Deployment', { containers: [{ image: 'nginx' }] });
    const before = structuredClone(web);
    const { objects, matched, findings } = apply(
      [web],
      { change: 'image-registry', from: 'docker.io', to: 'a.example.com' },
      { change: 'image-registry', from: 'a.example.com', to: 'b.example.com' },
      { change: 'storage-class', from: 'x', to: 'y' },
    );
    expect(JSON.stringify(objects)).toContain('b.example.com/library/nginx');
    expect(matched).toEqual([
      { title: 'image-registry docker.io → a.example.com', objects: 1 },
      { title: 'image-registry a.example.com → b.example.com', objects: 1 },
      { title: 'storage-class x → y', objects: 0 },
    ]);
    expect(findings).toEqual([
      { code: 'transform-unmatched', severity: 'warning', message: 'storage-class x → y matched nothing' },
    ]);
    expect(web).toEqual(before);
  });
});

describe('a change of the distribution', () => {
  const classes = (name: string) => [{ name, isDefault: true }];
  const target = { distribution: 'kubeadm', storage: classes('ceph'), ingress: classes('nginx') } as const;

  it('maps what K3s brought along to what the target has instead', () => {
    const web = workload('Deployment', {
      nodeSelector: {
        'node.kubernetes.io/instance-type': 'k3s',
        'node-role.kubernetes.io/control-plane': 'true',
      },
    });
    const transforms = defaultTransforms('k3s', target, [web]);
    expect(transforms.map(({ change }) => change)).toEqual([
      'storage-class',
      'ingress-class',
      'node-selector',
      'json-patch',
      'json-patch',
      'json-patch',
    ]);
    expect(applyTransforms([web], transforms).objects[0]).toEqual(
      workload('Deployment', { nodeSelector: { 'node-role.kubernetes.io/control-plane': '' } }),
    );
  });

  it('maps back, and does nothing between clusters of one kind', () => {
    expect(
      defaultTransforms(
        'kubeadm',
        { distribution: 'k3s', storage: classes('local-path'), ingress: classes('traefik') },
        [],
      ),
    ).toEqual([{ change: 'ingress-class', from: 'nginx', to: 'traefik' }]);
    expect(defaultTransforms('k3s', { ...target, distribution: 'rke2' }, [])).toEqual([]);
  });
});
