import { describe, expect, it } from 'vitest';
import type { KubeFailure } from '../../../src/core/ports/kube.js';
import { type ClusterSource, collectCluster } from '../../../src/facts/cluster/collect-cluster.js';
import { apiServer } from '../../bundle/support/api/server.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const FORBIDDEN: KubeFailure = { kind: 'forbidden', status: 403, message: 'user reader may not', causes: [] };

const serverWith = () => {
  const api = apiServer('shop', 'uid-1');
  const meta = (name: string, namespace?: string, part: object = {}) => ({
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...part,
  });
  api.put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta('server-1', undefined, { labels: { 'node-role.kubernetes.io/etcd': 'true' } }),
    spec: { podCIDR: '10.42.0.0/24' },
    status: {
      nodeInfo: { kubeletVersion: 'v1.34.2+k3s1' },
      addresses: [{ type: 'InternalIP', address: '10.0.0.11' }],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'posting\u001b[31m' },
        { type: 'EtcdIsVoter', status: 'True' },
      ],
    },
  });
  api.put({ apiVersion: 'v1', kind: 'Node', metadata: meta('agent-1') });
  api.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('coredns', 'kube-system'),
    spec: { replicas: 2 },
    status: { availableReplicas: 1 },
  });
  api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: meta('calico-system') });
  api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: meta('watch') });
  for (const [name, labels] of [
    ['prometheus', { 'drover.dev/set': 'monitoring.prometheus' }],
    ['web', { 'drover.dev/set': 'application.watch.web' }],
  ] as const)
    api.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta(name, 'watch', { labels }),
      spec: { replicas: 1 },
      status: { availableReplicas: 0 },
    });
  api.put({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta('calico-node', 'calico-system'),
    status: { desiredNumberScheduled: 2, numberReady: 2 },
  });
  api.put({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: meta('local-path', undefined, {
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    }),
    provisioner: 'rancher.io/local-path',
  });
  api.put({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: meta('pv-1'),
    spec: {
      capacity: { storage: '5Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      hostPath: { path: '/var/lib/rancher/k3s/storage/pv-1' },
      claimRef: { namespace: 'shop', name: 'data' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['agent-1'] }] },
          ],
        },
      },
    },
  });
  api.put({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: meta('web', 'default'),
    status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
  });
  api.put({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('kube-dns', 'kube-system'),
    spec: { clusterIP: '10.43.0.10' },
  });
  api.put({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta('kube-dns-x', 'kube-system', { labels: { 'kubernetes.io/service-name': 'kube-dns' } }),
    endpoints: [{ conditions: { ready: true } }, { conditions: { ready: false } }, {}],
  });
  return api;
};

const factsOf = async (api: ReturnType<typeof apiServer>, part: Partial<ClusterSource> = {}) => {
  const { signal } = new AbortController();
  const facts = await collectCluster({ kube: api.kube, clock: { now: () => NOW }, signal, ...part });
  if (!facts.ok) throw new Error(facts.error.message);
  return facts.value;
};

describe('facts of a cluster', () => {
  it('tell who answered, when, and which cluster it is', async () => {
    expect(await factsOf(serverWith())).toMatchObject({
      at: '2026-11-21T12:00:00.000Z',
      uid: 'uid-1',
      server: 'https://shop.example:6443',
      version: 'v1.34.2',
      missing: [],
    });
  });

  it('show nodes, with their part in etcd and without control characters', async () => {
    const { nodes } = await factsOf(serverWith());
    const [server, agent] = [...nodes].sort((a, b) => (a.name < b.name ? 1 : -1));
    expect(server).toMatchObject({
      name: 'server-1',
      etcd: 'voter',
      address: '10.0.0.11',
      podRange: '10.42.0.0/24',
      version: 'v1.34.2+k3s1',
    });
    expect(server?.conditions[0]?.message).not.toContain('\u001b');
    expect(agent).toMatchObject({ name: 'agent-1', unschedulable: false });
    expect(agent).not.toHaveProperty('etcd');
  });

  it('show workloads, the DNS with the addresses that are ready, classes, budgets, and the node of a local volume', async () => {
    expect(await factsOf(serverWith())).toMatchObject({
      workloads: [
        { kind: 'Deployment', namespace: 'kube-system', name: 'coredns', wanted: 2, ready: 1 },
        { kind: 'Deployment', namespace: 'watch', name: 'prometheus', wanted: 1, ready: 0 },
        { kind: 'DaemonSet', namespace: 'calico-system', name: 'calico-node', wanted: 2, ready: 2 },
      ],
      dns: { address: '10.43.0.10', ready: 2 },
      classes: [{ name: 'local-path', provisioner: 'rancher.io/local-path', default: true }],
      volumes: [
        {
          name: 'pv-1',
          node: 'agent-1',
          path: '/var/lib/rancher/k3s/storage/pv-1',
          claim: 'shop/data',
          capacity: '5Gi',
          reclaim: 'Delete',
        },
      ],
      budgets: [{ namespace: 'default', name: 'web', allowed: 0, healthy: 1, desired: 1, expected: 1 }],
    });
  });

  it('count the whole days that certificates still last, and those since they ended', async () => {
    const certificates = () =>
      Promise.resolve([
        { name: 'of the API', notAfter: '2026-12-01T11:59:00.000Z' },
        { name: 'of the kubeconfig', notAfter: '2026-11-21T11:59:00.000Z' },
      ]);
    const facts = await factsOf(serverWith(), { certificates });
    expect(facts.certificates.map(({ daysLeft }) => daysLeft)).toEqual([9, -1]);
  });

  it('name what may not be read, and tell the rest', async () => {
    const api = serverWith();
    api.failing = ({ ref }) =>
      ['persistentvolumes', 'endpointslices'].includes(ref.resource?.plural ?? '') ? FORBIDDEN : undefined;
    const facts = await factsOf(api);
    expect(facts.missing).toEqual(
      expect.arrayContaining([
        { what: 'persistentvolumes', detail: 'user reader may not' },
        { what: 'dns', detail: 'user reader may not' },
      ]),
    );
    expect(facts.missing).toHaveLength(2);
    expect(facts).not.toHaveProperty('dns');
    expect([facts.volumes, facts.nodes.length]).toEqual([[], 2]);
  });

  it('have no DNS where there is none, and miss nothing', async () => {
    const facts = await factsOf(apiServer('empty'));
    expect(facts).not.toHaveProperty('dns');
    expect(facts.missing).toEqual([]);
  });

  it('are none at all when the cluster cannot be identified', async () => {
    const api = serverWith();
    api.failing = ({ verb, ref }) => (verb === 'get' && ref.name === 'kube-system' ? FORBIDDEN : undefined);
    const { signal } = new AbortController();
    const source = { kube: api.kube, clock: { now: () => NOW }, signal };
    expect(await collectCluster(source)).toEqual({ ok: false, error: FORBIDDEN });
    const silent = { ...api.kube, version: () => Promise.resolve({ ok: false as const, error: FORBIDDEN }) };
    expect(await collectCluster({ ...source, kube: silent })).toEqual({ ok: false, error: FORBIDDEN });
  });
});
