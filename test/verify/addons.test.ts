import { expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { checkAddons } from '../../src/verify/addons.js';
import { fakeKube, missing, refused } from './fake-kube.js';

const wanted = { coredns: true, metricsServer: true, localPath: true, defaultClass: true };
/** Each look at the clock is seven seconds later; waiting takes no time. */
const clock = () => {
  let now = 0;
  return { now: () => 0, monotonic: () => (now += 7000), delay: () => Promise.resolve() };
};

const deployment = (replicas: number, available: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { replicas },
  status: { availableReplicas: available },
});
const storage = (marked: string): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local-path', annotations: { 'storageclass.kubernetes.io/is-default-class': marked } },
});
const figures = (...names: readonly string[]) =>
  JSON.stringify({ items: names.map((name) => ({ metadata: { name } })) });

const objects =
  (deployed: KubeObject | undefined, marked: string): Kube['get'] =>
  ({ resource }) => {
    if (resource.plural === 'storageclasses') return Promise.resolve(ok(storage(marked)));
    return Promise.resolve(deployed === undefined ? err(missing) : ok(deployed));
  };

const check = async (answers: Partial<Kube>) => {
  const { signal } = new AbortController();
  const input = { kube: fakeKube(answers), wanted, nodes: ['a', 'b'], clock: clock(), signal };
  const results = await checkAddons(input);
  return Object.fromEntries(results.map(({ check: name, status, detail }) => [name, `${status}: ${detail}`]));
};

it('passes add-ons that are available, with figures of every node, late ones too', async () => {
  const answers = [figures('a'), figures('a', 'b')];
  const raw = () => Promise.resolve(ok(answers.shift() ?? ''));
  expect(await check({ get: objects(deployment(1, 1), 'true'), raw })).toEqual({
    'addon-coredns': 'pass: available',
    'addon-metrics-server': 'pass: available',
    'addon-local-path-provisioner': 'pass: available',
    'metrics-api': 'pass: figures of 2 nodes',
    'default-class': 'pass: default',
  });
});

it('fails what was scaled to nothing, is missing, measures one node only or lost its mark', async () => {
  const raw = () => Promise.resolve(ok(figures('a')));
  expect(await check({ get: objects(deployment(0, 0), 'false'), raw })).toMatchObject({
    'addon-coredns': 'fail: 0 of 1 replicas are available',
    'metrics-api': 'fail: no figures of b',
    'default-class': 'fail: not marked as default',
  });
  const gone = await check({ get: objects(undefined, 'true'), raw: refused('no endpoints') });
  expect(gone).toMatchObject({
    'addon-metrics-server': 'fail: not found',
    'metrics-api': 'fail: no endpoints',
  });
});
