import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { quantity } from '../../../src/bundle/target/quantity.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { type ApiServer, apiServer } from '../support/api/server.js';
import { object, secret } from '../support/objects.js';
import { type AskOptions, ask, roomyNode, told } from './asking.js';

const whole = (
  apiVersion: string,
  kind: string,
  name: string,
  more: Record<string, unknown> = {},
): KubeObject => {
  const { metadata, ...rest } = more;
  return { apiVersion, kind, metadata: { name, ...(metadata as object | undefined) }, ...rest };
};
const workload = (pod: object, more: object = {}): KubeObject =>
  object('apps/v1', 'Deployment', 'web', {
    spec: { ...more, template: { spec: { containers: [{ name: 'web' }], ...pod } } },
  });
const asking = (cpu: string, replicas: number): KubeObject =>
  workload({ containers: [{ name: 'web', resources: { requests: { cpu, memory: '1Gi' } } }] }, { replicas });

let server: ApiServer;
const findings = async (...args: Parameters<typeof told> extends [unknown, ...infer Rest] ? Rest : never) =>
  (await told(server, ...args)).findings;

beforeEach(() => {
  server = apiServer('b');
  server.put(whole('v1', 'Namespace', 'shop'));
});

describe('kinds and versions', () => {
  it('that are not served are findings, once per kind', async () => {
    server.store.kinds.push({
      group: 'policy',
      version: 'v1',
      kind: 'Thing',
      plural: 'things',
      namespaced: true,
      verbs: ['list'],
      preferred: true,
    });
    const objects = [
      object('policy/v1beta1', 'Thing', 'a'),
      object('policy/v1beta1', 'Thing', 'b'),
      object('gone.example/v1', 'Lost', 'c'),
    ];
    expect(await findings(objects)).toEqual([
      'error | target-kind-missing | shop/Lost.gone.example/c | the target does not know Lost.gone.example, and its definition is not carried',
      'error | target-version-missing | shop/Thing.policy/a | policy/v1beta1 is not served on the target; Thing.policy is served as v1',
    ]);
  });

  it('of a definition that is there count, not those of the carried one', async () => {
    const widgets = (version: string): KubeObject =>
      whole('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Widget', plural: 'widgets' },
          versions: [{ name: version, served: true }],
        },
      });
    server.put({ ...widgets('v1'), status: { storedVersions: ['v1'] } });
    const objects = [widgets('v2'), object('example.com/v2', 'Widget', 'a')];
    expect(await findings(objects, { existing: 'skip' })).toEqual([
      'error | target-version-missing | shop/Widget.example.com/a | example.com/v2 is not served on the target; Widget.example.com is served as v1 and v2',
    ]);
  });

  it('of an older target are said', async () => {
    server.gitVersion = 'v1.30.1';
    expect(await findings([], { source: 'v1.34.2' })).toEqual([
      'warning | target-older | the target runs v1.30.1, the source v1.34.2: it may lack fields and defaults of the source',
    ]);
  });
});

describe('what is named', () => {
  it('must be carried, there, given by every cluster, or promised by something carried', async () => {
    server.put(roomyNode);
    server.put(object('v1', 'ConfigMap', 'there'));
    const pod = (name: string) => ({
      volumes: [
        { name: 'a', secret: { secretName: name } },
        { name: 'b', configMap: { name: 'there' } },
        { name: 'c', secret: { secretName: 'maybe', optional: true } },
      ],
      serviceAccountName: 'default',
      priorityClassName: 'system-node-critical',
    });
    expect(await findings([workload(pod('mine')), secret('mine', {})])).toEqual([]);
    expect(await findings([workload(pod('nowhere'))])).toEqual([
      'error | target-secret-missing | shop/Deployment.apps/web | spec.template.spec.volumes[0] names shop/Secret/nowhere, which is neither carried nor on the target',
    ]);
    server.store.kinds.push({
      group: 'cert-manager.io',
      version: 'v1',
      kind: 'Certificate',
      plural: 'certificates',
      namespaced: true,
      verbs: ['list'],
      preferred: true,
    });
    const certificate = object('cert-manager.io/v1', 'Certificate', 'c', { spec: { secretName: 'nowhere' } });
    expect(await findings([workload(pod('nowhere')), certificate])).toEqual([]);
  });

  it('must be a class of the target', async () => {
    const ingress = object('networking.k8s.io/v1', 'Ingress', 'web', {
      spec: { ingressClassName: 'traefik' },
    });
    const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: { storageClassName: 'fast' } });
    server.put(whole('networking.k8s.io/v1', 'IngressClass', 'nginx'));
    expect((await findings([ingress, claim])).map((text) => text.split(' | ').slice(1, 3))).toEqual([
      ['target-class-missing', 'shop/Ingress.networking.k8s.io/web'],
      ['target-class-missing', 'shop/PersistentVolumeClaim/data'],
    ]);
    const transforms = [{ change: 'ingress-class', from: 'traefik', to: 'nginx' }];
    expect(await findings([ingress], { transforms })).toEqual([]);
  });

  it('may be the default storage class, when there is one', async () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'data', { spec: {} });
    const set = object('apps/v1', 'StatefulSet', 'db', { spec: { volumeClaimTemplates: [{ spec: {} }] } });
    expect(await findings([claim, set])).toEqual([
      'error | target-no-default-class | shop/PersistentVolumeClaim/data | 2 objects with claims name no storage class, and the target has no default one: the claims would wait for ever',
    ]);
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    server.put(whole('storage.k8s.io/v1', 'StorageClass', 'standard', { metadata: { annotations } }));
    expect(await findings([claim, set])).toEqual([]);
  });
});

describe('Services', () => {
  const service = (name: string, spec: object): KubeObject => object('v1', 'Service', name, { spec });

  it('find their node ports and addresses free', async () => {
    server.put(service('other', { clusterIP: '10.43.0.7', ports: [{ port: 80, nodePort: 30080 }] }));
    const mine = service('web', { clusterIP: '10.43.0.7', ports: [{ port: 80, nodePort: 30080 }] });
    expect(await findings([mine])).toEqual([
      'error | target-node-port | shop/Service/web | node port 30080 belongs to shop/Service/other on the target',
      'error | target-cluster-ip | shop/Service/web | cluster IP 10.43.0.7 belongs to shop/Service/other on the target',
    ]);
    expect(await findings([service('web', { clusterIP: 'None', ports: [{ port: 80 }] })])).toEqual([]);
  });

  it('want no family of addresses that the target lacks', async () => {
    server.put(
      object('v1', 'Service', 'kubernetes', {
        metadata: { namespace: 'default' },
        spec: { ipFamilies: ['IPv4'] },
      }),
    );
    expect(
      await findings([
        service('six', { ipFamilies: ['IPv6'] }),
        service('two', { ipFamilyPolicy: 'RequireDualStack' }),
        service('one', { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }),
      ]),
    ).toEqual([
      'error | target-ip-family | shop/Service/six | it wants IPv6, the target has IPv4',
      'error | target-ip-family | shop/Service/two | it requires both families of addresses, the target has IPv4',
    ]);
  });
});

describe('room', () => {
  const node = (name: string, spec: object = {}): KubeObject =>
    whole('v1', 'Node', name, { spec, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } } });
  const running = object('v1', 'Pod', 'p', {
    spec: { containers: [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }] },
    status: { phase: 'Running' },
  });

  it('on nodes counts what runs there, and only nodes that take pods', async () => {
    server.put(node('a'));
    server.put(node('b', { taints: [{ key: 'x', effect: 'NoSchedule' }] }));
    server.put(running);
    expect(await findings([asking('1', 3)])).toEqual([]);
    expect(await findings([asking('1', 4)])).toEqual([
      'error | target-capacity | the pods ask for 4 CPU, the nodes of the target have 3.5 CPU left of 4 CPU',
    ]);
  });

  it('in quotas counts what is used', async () => {
    server.put(node('a'));
    server.put(
      object('v1', 'ResourceQuota', 'q', {
        spec: { hard: { 'requests.cpu': '2', 'count/secrets': '3', pods: '10' } },
        status: { used: { 'requests.cpu': '500m', 'count/secrets': '2' } },
      }),
    );
    expect(await findings([asking('500m', 3), secret('a', {})])).toEqual([]);
    expect(await findings([asking('1', 2), secret('a', {}), secret('b', {})])).toEqual([
      'error | target-quota | shop/ResourceQuota/q | requests.cpu would be exceeded: 0.5 of 2 are used, 2 come',
      'error | target-quota | shop/ResourceQuota/q | count/secrets would be exceeded: 2 of 3 are used, 2 come',
    ]);
  });

  it('is counted in the API’s quantities', () => {
    expect(['250m', '1', '1Ki', '1.5Gi', '1e3', '2k', 3, 'x', undefined].map(quantity)).toEqual([
      0.25,
      1,
      1024,
      1.5 * 2 ** 30,
      1000,
      2000,
      3,
      0,
      0,
    ]);
    fc.assert(
      fc.property(fc.nat(1e6), (n) => {
        expect(quantity(`${n}m`)).toBeCloseTo(n / 1000);
        expect(quantity(`${n}Mi`)).toBe(n * 2 ** 20);
      }),
    );
  });
});

describe('Pod Security', () => {
  const level = (enforce: string) =>
    server.put(
      whole('v1', 'Namespace', 'shop', {
        metadata: { labels: { 'pod-security.kubernetes.io/enforce': enforce } },
      }),
    );

  it('is judged by the level of the namespace', async () => {
    server.put(roomyNode);
    level('baseline');
    expect(
      await findings([workload({ hostNetwork: true, volumes: [{ name: 'v', hostPath: { path: '/' } }] })]),
    ).toEqual([
      'error | target-pod-security | shop/Deployment.apps/web | its pods break the level baseline of namespace shop: hostNetwork and hostPath',
    ]);
    expect(await findings([workload({})])).toEqual([]);
    level('restricted');
    expect(await findings([workload({})])).toEqual([
      'error | target-pod-security | shop/Deployment.apps/web | its pods break the level restricted of namespace shop: runAsNonRoot, allowPrivilegeEscalation, capabilities and seccompProfile',
    ]);
    const securityContext = {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    expect(await findings([workload({ containers: [{ name: 'web', securityContext }] })])).toEqual([]);
  });
});

describe('webhooks', () => {
  const configuration = (name: string, failurePolicy: string): KubeObject =>
    whole('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', name, {
      webhooks: [
        {
          name: 'v.example.com',
          failurePolicy,
          clientConfig: { service: { namespace: 'hooks', name: 'hook' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE'] }],
        },
      ],
    });

  it('of the target without a back end are told where they must agree', async () => {
    server.put(configuration('strict', 'Fail'));
    expect(await findings([secret('a', {}), secret('b', {})])).toEqual([
      'error | target-webhook-dead | shop/Secret/a | the webhook v.example.com of strict must agree to it, but hooks/hook has no ready endpoint on the target',
    ]);
    expect(await findings([object('v1', 'ConfigMap', 'a')])).toEqual([]);
    server.put(whole('v1', 'Namespace', 'hooks'));
    const metadata = { namespace: 'hooks', labels: { 'kubernetes.io/service-name': 'hook' } };
    server.put(
      whole('discovery.k8s.io/v1', 'EndpointSlice', 'hook-1', {
        metadata,
        endpoints: [{ conditions: { ready: true } }],
      }),
    );
    expect(await findings([secret('a', {})])).toEqual([]);
  });

  it('that are carried must find their Service', async () => {
    const { findings: all } = await told(server, [
      configuration('mine', 'Fail'),
      configuration('lenient', 'Ignore'),
    ]);
    expect(
      all.filter((text) => text.includes('webhook-backend')).map((text) => text.split(' | ').slice(0, 3)),
    ).toEqual([
      [
        'warning',
        'target-webhook-backend',
        'ValidatingWebhookConfiguration.admissionregistration.k8s.io/lenient',
      ],
      ['error', 'target-webhook-backend', 'ValidatingWebhookConfiguration.admissionregistration.k8s.io/mine'],
    ]);
  });
});

describe('Helm and images', () => {
  it('records become stale where a transform changes an object of the release', async () => {
    const annotations = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' };
    const record = secret(
      'sh.helm.release.v1.web.v1',
      {},
      {
        type: 'helm.sh/release.v1',
        metadata: { labels: { name: 'web', owner: 'helm' } },
      },
    );
    const own = object('apps/v1', 'Deployment', 'web', { metadata: { annotations }, spec: { replicas: 3 } });
    expect(await findings([record, own])).toEqual([]);
    expect(await findings([record, own], { transforms: [{ change: 'replicas', to: 1 }] })).toEqual([
      'warning | helm-record-stale | shop/Secret/sh.helm.release.v1.web.v1 | transforms change 1 object of the release shop/web; its record still shows them as they were',
    ]);
  });

  const node = whole('v1', 'Node', 'a', {
    status: { ...(roomyNode['status'] as object), images: [{ names: ['docker.io/library/nginx:1'] }] },
  });
  const running = (...images: string[]): KubeObject =>
    workload({
      containers: images.map((image, at) => ({ name: `c${at}`, image })),
      imagePullSecrets: [{ name: 'pull' }],
    });

  it('are asked for in registries, with the pull secrets that are carried, unless a node has them', async () => {
    server.put(node);
    const config = { auths: { 'https://r.example/v1/': { auth: btoa('robot:pass:word') } } };
    const pull = secret('pull', { '.dockerconfigjson': JSON.stringify(config) });
    const asked: string[] = [];
    const registry: AskOptions['registry'] = (image, login) => {
      asked.push(`${image} ${login === undefined ? '-' : `${login.username} ${login.password}`}`);
      if (image.endsWith(':gone')) return Promise.resolve({ kind: 'absent', detail: 'HTTP 404' });
      if (image.endsWith(':secret')) return Promise.resolve({ kind: 'denied', detail: 'HTTP 401' });
      return Promise.resolve({ kind: 'there' });
    };
    const images = ['nginx:1', 'r.example/x:2', 'r.example/x:gone', 'other.example/y:secret'];
    expect(await findings([pull, running(...images)], { registry })).toEqual([
      'error | target-image-absent | shop/Deployment.apps/web | its registry has no r.example/x:gone (HTTP 404; asked from this machine; nodes may use a mirror)',
      'warning | target-image-denied | shop/Deployment.apps/web | its registry does not give other.example/y:secret with the pull secrets that are carried (HTTP 401; asked from this machine; nodes may use a mirror)',
    ]);
    expect(asked.sort()).toEqual([
      'other.example/y:secret -',
      'r.example/x:2 robot pass:word',
      'r.example/x:gone robot pass:word',
    ]);
  });

  it('of a registry that does not answer are unknown, and it is asked once', async () => {
    server.put(node);
    let asked = 0;
    const registry: AskOptions['registry'] = () => {
      asked += 1;
      return Promise.resolve({ kind: 'unknown', detail: 'connect ECONNREFUSED' });
    };
    const told = await ask(server, [running('nginx:1', 'r.example/x:2', 'r.example/y:3')], { registry });
    const own = told.ok ? told.value.findings.filter(({ code }) => code === 'target-images-unknown') : [];
    expect(own.map(({ message }) => message)).toEqual([
      'whether the nodes can pull 2 images from r.example is not known: connect ECONNREFUSED (asked from this machine; nodes may use a mirror)',
    ]);
    expect(asked).toBe(1);
  });
});
