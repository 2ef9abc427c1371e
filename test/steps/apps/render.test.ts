import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { valueAt } from '../../../src/spec/path.js';
import { applicationSets, namespaceSets } from '../../../src/steps/apps/render.js';
import { missingInLab } from '../../../src/steps/apps/stand-in.js';
import { app, inputOf, keybuzz, kindOf, named } from './rig.js';

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];
const WEB = { ports: [{ name: 'http', port: 8080 }] };

describe('applications as objects', () => {
  const nodes = [{ name: 'k3s-worker-01', podRange: '10.42.3.0/24' }];
  const sets = applicationSets({ cluster: keybuzz, nodes });

  it('makes everything that an application with an autoscaler, needs and a host name is', () => {
    const set = named(sets, 'application/keybuzz/keybuzz-api');
    expect(set.objects.map((object) => stringify(object)).join('---\n')).toMatchSnapshot();
  });

  it('makes what an application with a volume is: one pod at a time, and no budget that keeps a node', () => {
    const set = named(sets, 'application/automation/n8n');
    expect(set.objects.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'PersistentVolumeClaim',
      'NetworkPolicy',
      'Service',
      'Deployment',
      'Ingress',
    ]);
    const [deployment] = kindOf(set, 'Deployment');
    expect(deployment?.['spec']).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(kindOf(set, 'PersistentVolumeClaim')[0]?.metadata.name).toBe('n8n-data');
  });

  it('gives each namespace the names of the services outside that its applications need', () => {
    const [, ...objects] = named(namespaceSets({ cluster: keybuzz }), 'namespace/support').objects;
    expect(objects.map((object) => stringify(object)).join('---\n')).toMatchSnapshot();
  });

  it('leaves applications out that are switched off, and built-in namespaces alone', () => {
    const input = inputOf({
      applications: [app('off', { enabled: false }), app('web', { namespace: 'default' })],
    });
    expect(applicationSets(input).map(({ name }) => name)).toEqual(['application/default/web']);
    expect(namespaceSets(input)).toEqual([
      expect.objectContaining({ name: 'namespace/default', objects: [] }),
    ]);
  });

  it('holds no value of a secret anywhere', () => {
    const env = { A: { secret: 'db', key: 'password' }, B: 'plain', C: 3 };
    const [set] = applicationSets(inputOf({ applications: [app('web', { env })] }));
    expect(kindOf(set ?? (sets[0] as never), 'Secret')).toEqual([]);
    expect(valueAt(kindOf(set as never, 'Deployment')[0], [...CONTAINER, 'env'])).toEqual([
      { name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      { name: 'B', value: 'plain' },
      { name: 'C', value: '3' },
    ]);
  });

  it('names an alias where a service outside is known by a DNS name', () => {
    const services = [
      { name: 'db', kind: 'postgresql', endpoint: 'db.example.org', port: 5432 },
      { name: 'cache', kind: 'redis', endpoint: '2001:db8::7', port: 6379 },
    ];
    const applications = [app('web', { needs: ['db', 'cache'] })];
    const [set] = namespaceSets(inputOf({ externalServices: services, applications }));
    const found = set?.objects.map(({ kind, spec, addressType }) => ({ kind, spec, addressType }));
    expect(found).toMatchObject([
      { kind: 'Namespace' },
      { kind: 'Service', spec: { type: 'ExternalName', externalName: 'db.example.org' } },
      { kind: 'Service', spec: { type: 'ClusterIP' } },
      { kind: 'EndpointSlice', addressType: 'IPv6' },
    ]);
  });
});

const ingressOf = (more: Record<string, unknown>): unknown => {
  const ingress = { hosts: ['shop.example'], ...more };
  const [set] = applicationSets(inputOf({ applications: [app('web', { ...WEB, ingress })] }));
  return kindOf(set as never, 'Ingress')[0]?.['spec'];
};

describe('the certificate of an ingress', () => {
  it.each([
    ['is the controller’s own by default', {}, [{ hosts: ['shop.example'] }]],
    ['is not asked for when TLS is off', { tls: false }, undefined],
    ['is a Secret of the spec', { tls: { secret: 'own' } }, [{ hosts: ['shop.example'], secretName: 'own' }]],
    [
      'is made by cert-manager when an issuer is named',
      { annotations: { 'cert-manager.io/cluster-issuer': 'acme' } },
      [{ hosts: ['shop.example'], secretName: 'web-tls' }],
    ],
  ])('%s', (_, more, tls) => {
    expect((ingressOf(more) as { tls?: unknown }).tls).toEqual(tls);
  });
});

describe('who may talk to an application', () => {
  const two = [
    app('web', { ...WEB, ingress: { hosts: ['a.example'] }, needs: ['api'] }),
    app('api', { ...WEB, namespace: 'back', egress: 'any' }),
  ];
  const policyOf = (name: string, more: Record<string, unknown> = {}): unknown =>
    kindOf(named(applicationSets(inputOf({ applications: two, ...more })), name), 'NetworkPolicy')[0]?.[
      'spec'
    ];

  it('is the ingress, by the addresses that packets of the nodes have', () => {
    expect(policyOf('application/shop/web')).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { ipBlock: { cidr: '10.0.0.0/16' } },
            { ipBlock: { cidr: '10.42.0.0/32' } },
            { ipBlock: { cidr: '10.42.0.1/32' } },
            { ipBlock: { cidr: '10.42.1.0/32' } },
            { ipBlock: { cidr: '10.42.1.1/32' } },
          ],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    });
  });

  it('is the namespace of the ingress where that has addresses of pods', () => {
    const more = { ingress: { controller: 'traefik', hostNetwork: false, kind: 'Deployment' } };
    expect(policyOf('application/shop/web', more)).toMatchObject({
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } } }] },
      ],
    });
  });

  it('is who needs it, and it may call anything when the spec says so', () => {
    const pods = (namespace: string, name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
    });
    const ports = [{ port: 8080, protocol: 'TCP' }];
    expect(policyOf('application/back/api')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'api' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [pods('shop', 'web')], ports }],
    });
    expect(policyOf('application/shop/web')).toMatchObject({
      egress: [{}, { to: [pods('back', 'api')], ports }],
    });
  });
});

describe('in a lab', () => {
  const services = [
    {
      name: 'cache',
      kind: 'redis',
      hosts: ['cache-1'],
      port: 6379,
      credentials: { password: { secret: 'cache', key: 'pw' } },
    },
    { name: 'queue', kind: 'rabbitmq', hosts: ['queue-1'], port: 5672 },
  ];
  const applications = [
    app('api', {
      ...WEB,
      command: ['/api'],
      probes: { readiness: { path: '/ready' } },
      needs: ['cache', 'queue'],
    }),
    app('web', { ...WEB, needs: ['api'] }),
  ];
  const input = inputOf(
    { externalServices: services, applications },
    {
      lab: { standIn: 'docker.io/drover/standin:1', vault: 'docker.io/drover/vault:1', absent: ['queue-1'] },
    },
  );

  it('replaces the program alone, which opens what it needs with the secret', () => {
    const [api] = kindOf(named(applicationSets(input), 'application/shop/api'), 'Deployment');
    expect(valueAt(api, CONTAINER)).toMatchSnapshot();
  });

  it('names services that no host of the lab stands for', () => {
    expect(missingInLab(input)).toEqual(['queue']);
  });
});
