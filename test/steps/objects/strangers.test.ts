import { expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { strangersWith } from '../../../src/steps/objects/strangers.js';
import { fakeCluster } from '../../bundle/support/fake-kube.js';
import { namespace, object } from '../../bundle/support/objects.js';

it('takes what others put into a namespace for strangers, but nothing that the run made, though it has no managers', async () => {
  const cluster = fakeCluster('b');
  const shop = cluster.put(namespace('shop'));
  const account: KubeObject = cluster.put(object('v1', 'ServiceAccount', 'writer'));
  cluster.put(object('v1', 'ConfigMap', 'by-hand'));
  cluster.put(object('v1', 'ConfigMap', 'kube-root-ca.crt'));
  const place = { kube: cluster.kube, run: 'r1', signal: new AbortController().signal };
  const made = new Set([account.metadata.uid ?? '']);
  expect(await strangersWith({ ...place, made }, shop)).toEqual({
    ok: true,
    value: ['shop/ConfigMap/by-hand'],
  });
  expect(await strangersWith(place, shop)).toEqual({
    ok: true,
    value: ['shop/ConfigMap/by-hand', 'shop/ServiceAccount/writer'],
  });
});
