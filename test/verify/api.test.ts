import { expect, it } from 'vitest';
import { err, ok } from '../../src/core/result.js';
import { type ApiPath, checkApi, firstReady } from '../../src/verify/api.js';
import { fakeKube } from './fake-kube.js';

const { signal } = new AbortController();
const good: ApiPath = { kind: 'server', name: 'a', kube: fakeKube({ raw: () => Promise.resolve(ok('ok')) }) };
const tls = { kind: 'tls', message: 'the certificate is for another address', causes: [] } as const;
const bad: ApiPath = {
  kind: 'balancer',
  name: 'lb',
  kube: fakeKube({ raw: () => Promise.resolve(err(tls)) }),
};

it('tells each way by its name, with the reason why it does not lead to the API', async () => {
  const results = await checkApi([good, bad], signal);
  expect(results.map(({ check, status, node, detail }) => [check, status, node, detail])).toEqual([
    ['api-server', 'pass', 'a', 'https://10.0.0.1:6443: ok'],
    ['api-balancer', 'fail', 'lb', 'https://10.0.0.1:6443: tls: the certificate is for another address'],
  ]);
});

it('takes a way that answers for everything else', async () => {
  expect(await firstReady([bad, good], signal)).toBe(good.kube);
  expect(await firstReady([bad], signal)).toBeUndefined();
});
