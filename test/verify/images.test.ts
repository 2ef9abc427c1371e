import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/ports/kube.js';
import { checkPull } from '../../src/verify/images.js';
import { fakeKube, watching } from './fake-kube.js';

const names = { namespace: 'drover-verify-1', image: 'example.test/busybox', expires: '' };
const pod = (name: string, status: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  status,
});
const waiting = { reason: 'ImagePullBackOff', message: 'no such host' };

it('fails the node that cannot pull, in the kubelet’s words', async () => {
  const kube = fakeKube({
    watch: watching([
      pod('image-0', { phase: 'Running' }),
      pod('image-1', { phase: 'Pending', containerStatuses: [{ state: { waiting } }] }),
    ]),
  });
  const { signal } = new AbortController();
  const results = await checkPull({ kube, names, nodes: ['a', 'b'], limitMs: 20, signal });
  expect(results.map(({ status, node, detail }) => [status, node, detail])).toEqual([
    ['pass', 'a', 'pulled'],
    ['fail', 'b', 'ImagePullBackOff: no such host'],
  ]);
});
