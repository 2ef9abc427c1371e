import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../../src/bundle/clean/clean.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { managed, object, serverMetadata } from '../support/objects.js';

const cleaned = (value: KubeObject) => clean(value, { nodePorts: 'own' });
const pathsOf = (value: KubeObject) => cleaned(value).removed.map(({ path }) => path);

describe('cleaning', () => {
  it('takes out what managedFields say a controller owns, and names the owner', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'data', {
      metadata: {
        ...serverMetadata,
        annotations: { 'team.example/note': 'keep', 'controller.example/x': 'y' },
        managedFields: managed(
          [
            'kubectl-create',
            {
              'f:metadata': { 'f:annotations': { 'f:team.example/note': {} } },
              'f:spec': { 'f:accessModes': {} },
            },
          ],
          [
            'kube-controller-manager',
            {
              'f:metadata': { 'f:annotations': { 'f:controller.example/x': {} } },
              'f:spec': { 'f:volumeName': {} },
            },
          ],
        ),
      },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeName: 'pvc-1',
        resources: { requests: { storage: '1Gi' } },
      },
      status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    });
    const { object: result, removed } = cleaned(claim);
    expect(result).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'shop', annotations: { 'team.example/note': 'keep' } },
      // The volume was grown: its data needs that much.
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    });
    expect(removed).toContainEqual({
      path: 'spec.volumeName',
      reason: 'owned-by-controller',
      owner: 'kube-controller-manager',
    });
    expect(removed).toContainEqual({ path: 'status', reason: 'status' });
  });

  it('keeps a claim that a controller made as a whole: its owners say nothing about what is wanted', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'data-db-0', {
      metadata: {
        managedFields: managed([
          'k3s',
          { 'f:spec': { 'f:accessModes': {}, 'f:resources': { 'f:requests': { 'f:storage': {} } } } },
        ]),
      },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        volumeName: 'pvc-2',
      },
    });
    expect(cleaned(claim).object['spec']).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    });
  });

  it('keeps replicas that an autoscaler set', () => {
    const web = object('apps/v1', 'Deployment', 'web', {
      metadata: {
        managedFields: managed(
          ['helm', { 'f:spec': { 'f:template': {} } }],
          ['kube-controller-manager', { 'f:spec': { 'f:replicas': {} } }, 'scale'],
        ),
      },
      spec: { replicas: 7, template: { spec: {} } },
    });
    expect(cleaned(web).object['spec']).toMatchObject({ replicas: 7 });
  });

  it('reads owners of list items by key, value and index', () => {
    const service = object('v1', 'Service', 's', {
      metadata: {
        finalizers: ['a', 'b'],
        managedFields: managed(
          [
            'kubectl',
            { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:nodePort': {} } } } },
          ],
          [
            'kube-controller-manager',
            { 'f:spec': { 'f:externalIPs': { 'v:"10.0.0.9"': {} }, 'f:x': { 'i:0': {} } } },
          ],
        ),
      },
      spec: {
        externalIPs: ['10.0.0.8', '10.0.0.9'],
        x: ['first', 'second'],
        ports: [
          { port: 443, protocol: 'TCP', nodePort: 30443 },
          { port: 80, protocol: 'TCP', nodePort: 30080 },
        ],
      },
    });
    expect(cleaned(service).object['spec']).toEqual({
      externalIPs: ['10.0.0.8'],
      x: ['second'],
      ports: [
        { port: 443, protocol: 'TCP' },
        { port: 80, protocol: 'TCP', nodePort: 30080 },
      ],
    });
  });

  it('keeps node ports and addresses that a person chose, by managedFields or by what kubectl applied', () => {
    const applied = JSON.stringify({ spec: { ports: [{ port: 80, nodePort: 30080 }] } });
    const service = object('v1', 'Service', 's', {
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
      spec: {
        clusterIP: '10.43.0.7',
        clusterIPs: ['10.43.0.7'],
        ports: [{ port: 80, nodePort: 30080 }],
        type: 'NodePort',
      },
    });
    expect(cleaned(service).object['spec']).toEqual({
      ports: [{ port: 80, nodePort: 30080 }],
      type: 'NodePort',
    });
    const pinned = object('v1', 'Service', 's', {
      metadata: { managedFields: managed(['kubectl-create', { 'f:spec': { 'f:clusterIP': {} } }]) },
      spec: { clusterIP: '10.43.0.7', ipFamilies: ['IPv4'] },
    });
    expect(cleaned(pinned).object['spec']).toEqual({ clusterIP: '10.43.0.7' });
    const headless = object('v1', 'Service', 's', { spec: { clusterIP: 'None', clusterIPs: ['None'] } });
    expect(cleaned(headless).object['spec']).toEqual({ clusterIP: 'None' });
  });

  it('never prunes meaningful empties', () => {
    const pod = {
      volumes: [{ name: 'tmp', emptyDir: {} }],
      containers: [{ name: 'c', image: 'i', securityContext: {} }],
    };
    const web = object('apps/v1', 'Deployment', 'web', {
      spec: { selector: { matchLabels: {} }, template: { spec: pod } },
    });
    expect(cleaned(web).object['spec']).toEqual(web['spec']);
    const policy = object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', {
      spec: { podSelector: {}, ingress: [] },
    });
    expect(cleaned(policy).object['spec']).toEqual({ podSelector: {}, ingress: [] });
    const issuer = object('cert-manager.io/v1', 'Issuer', 'i', { spec: { selfSigned: {} } });
    expect(cleaned(issuer).object['spec']).toEqual({ selfSigned: {} });
  });

  it('frees a bare pod of its node, token volume and default tolerations', () => {
    const toleration = (key: string) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    });
    const pod = object('v1', 'Pod', 'p', {
      spec: {
        nodeName: 'n1',
        priority: 0,
        ephemeralContainers: [{ name: 'debug' }],
        tolerations: [
          toleration('node.kubernetes.io/not-ready'),
          { key: 'own' },
          toleration('node.kubernetes.io/unreachable'),
        ],
        volumes: [{ name: 'kube-api-access-x7k2p', projected: {} }, { name: 'data' }],
        containers: [{ name: 'c', volumeMounts: [{ name: 'data' }, { name: 'kube-api-access-x7k2p' }] }],
      },
    });
    expect(cleaned(pod).object['spec']).toEqual({
      tolerations: [{ key: 'own' }],
      volumes: [{ name: 'data' }],
      containers: [{ name: 'c', volumeMounts: [{ name: 'data' }] }],
    });
  });

  it.each<[string, KubeObject, readonly string[]]>([
    [
      'a job’s selector and labels',
      object('batch/v1', 'Job', 'j', {
        spec: {
          selector: { matchLabels: { 'controller-uid': '1' } },
          template: { metadata: { labels: { 'controller-uid': '1', mine: 'x' } } },
        },
      }),
      ['spec.selector', 'spec.template.metadata.labels.controller-uid'],
    ],
    [
      'traces of tools',
      object('v1', 'ConfigMap', 'c', {
        metadata: {
          annotations: { 'objectset.rio.cattle.io/id': 'x', 'field.cattle.io/y': 'z' },
          labels: { 'objectset.rio.cattle.io/hash': 'h' },
        },
      }),
      [
        'metadata.annotations["objectset.rio.cattle.io/id"]',
        'metadata.annotations["field.cattle.io/y"]',
        'metadata.labels["objectset.rio.cattle.io/hash"]',
      ],
    ],
    [
      'rules that aggregation computes',
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'r', { aggregationRule: {}, rules: [{}] }),
      ['rules'],
    ],
    [
      'an injected authority',
      object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'w', {
        metadata: { annotations: { 'cert-manager.io/inject-ca-from': 'a/b' } },
        webhooks: [{ clientConfig: { caBundle: 'x' } }],
      }),
      ['webhooks[0].clientConfig.caBundle'],
    ],
    [
      'the old class annotation beside the new field',
      object('networking.k8s.io/v1', 'Ingress', 'i', {
        metadata: { annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
        spec: { ingressClassName: 'nginx' },
      }),
      ['metadata.annotations["kubernetes.io/ingress.class"]'],
    ],
    [
      'what reading an autoscaler in v1 leaves',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'h', {
        metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '[]' } },
      }),
      ['metadata.annotations["autoscaling.alpha.kubernetes.io/conditions"]'],
    ],
    [
      'a token',
      object('v1', 'Secret', 't', {
        type: 'kubernetes.io/service-account-token',
        data: { token: 'x', 'ca.crt': 'y', namespace: 'z', own: 'o' },
      }),
      ['data.token', 'data["ca.crt"]', 'data.namespace'],
    ],
  ])('takes out %s', (_, value, expected) => {
    expect(pathsOf(value).filter((path) => !path.startsWith('metadata.u'))).toEqual(
      expect.arrayContaining([...expected]),
    );
    expect(cleaned(value).removed).toHaveLength(expected.length);
  });

  it('changes nothing the second time, and never what it was given', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('spec', 'data', 'rules', 'status', 'webhooks'), json),
        fc.constantFrom('Pod', 'Service', 'Deployment', 'Job', 'Secret'),
        (rest, kind) => {
          const value = object(
            kind === 'Deployment' ? 'apps/v1' : kind === 'Job' ? 'batch/v1' : 'v1',
            kind,
            'n',
            { ...rest, metadata: { ...serverMetadata } },
          );
          const before = structuredClone(value);
          const once = cleaned(value);
          expect(value).toEqual(before);
          const twice = cleaned(once.object);
          expect(twice.object).toEqual(once.object);
          expect(twice.removed).toEqual([]);
        },
      ),
    );
  });
});
