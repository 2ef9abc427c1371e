import { expect, it } from 'vitest';
import type { KubeObject, KubeRef } from '../../../../src/core/ports/kube.js';
import { apiServer } from './server.js';

const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
const web: KubeRef = { resource: deployments, namespace: 'shop', name: 'web' };
const deployment = (replicas: number, image = 'nginx:1'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas, template: { spec: { containers: [{ name: 'web', image }] } } },
});
const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const mine = { fieldManager: 'drover', fieldValidation: 'Strict' } as const;

it('applies as a server does: conflicts by field, force takes over, what was left out goes', async () => {
  const server = apiServer('b');
  server.put(shop);
  server.put(deployment(2), 'kubectl');
  const refused = await server.kube.apply(web, deployment(3), mine);
  expect(refused).toMatchObject({
    ok: false,
    error: { kind: 'conflict', causes: [{ field: '.spec.replicas', message: 'conflict with "kubectl"' }] },
  });
  const same = await server.kube.apply(web, deployment(2), mine);
  expect(same).toMatchObject({ ok: true });
  const forced = await server.kube.apply(web, deployment(3), { ...mine, force: true });
  expect(forced).toMatchObject({ ok: true, value: { spec: { replicas: 3 } } });
  const { spec, ...rest } = deployment(3);
  const { replicas, ...without } = spec as { readonly replicas: number };
  const less = await server.kube.apply(web, { ...rest, spec: without }, mine);
  expect(less.ok && less.value['spec']).not.toHaveProperty('replicas');
});

it('writes nothing on a dry run, and nothing into a namespace that is not there', async () => {
  const server = apiServer('b');
  expect(await server.kube.apply(web, deployment(1), { ...mine, dryRun: true })).toMatchObject({
    ok: false,
    error: { kind: 'not-found' },
  });
  server.put(shop);
  const version = server.store.version();
  expect(await server.kube.apply(web, deployment(1), { ...mine, dryRun: true })).toMatchObject({ ok: true });
  expect(server.find('apps/v1', 'Deployment', 'web', 'shop')).toBeUndefined();
  expect(server.store.version()).toBe(version);
});

it('keeps UID and version of what does not change, and refuses another UID', async () => {
  const server = apiServer('b');
  server.put(shop);
  const first = await server.kube.apply(web, deployment(1), mine);
  const second = await server.kube.apply(web, deployment(1), mine);
  expect(first.ok && second.ok && second.value.metadata.resourceVersion).toBe(
    first.ok && first.value.metadata.resourceVersion,
  );
  expect(await server.kube.delete(web, { uid: 'other' })).toMatchObject({
    ok: false,
    error: { kind: 'conflict' },
  });
  expect(await server.kube.delete(web, { uid: (first.ok && first.value.metadata.uid) || '' })).toMatchObject({
    ok: true,
  });
});
