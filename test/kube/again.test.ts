import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { createKube } from '../../src/kube/client.js';
import { loadCredentials } from '../../src/kube/credentials.js';
import { immediateClock } from '../run/immediate-clock.js';
import { json } from './fake-api.js';
import { type HttpsApi, httpsApi } from './https-api.js';

const pods = { group: '', version: 'v1', plural: 'pods' };
const ref = { resource: pods, namespace: 'n', name: 'p' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n' } };

let api: HttpsApi;
beforeAll(async () => {
  api = await httpsApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const kubeOf = async () => {
  const clock = immediateClock();
  const kubeconfig = await api.kubeconfig({ token: 't' });
  return { clock, kube: createKube(await loadCredentials({ kubeconfig }, () => clock.now()), clock) };
};

/** Puts calls off this often, then answers; tells how often it was asked. */
const putOff = (times: number, status: number, headers: Record<string, string> = {}) => {
  const asked = { count: 0 };
  api.answer.now = (_request, response) => {
    asked.count += 1;
    if (asked.count > times) json(response, pod);
    else json(response, { reason: 'TooManyRequests', message: 'slow down' }, status, headers);
  };
  return asked;
};

it.each<[string, (kube: Kube) => Promise<{ readonly ok: boolean }>]>([
  ['reading', (kube) => kube.get(ref)],
  ['server-side apply', (kube) => kube.apply(ref, pod, { fieldManager: 'drover' })],
  ['a merge patch', (kube) => kube.patch(ref, {}, { type: 'merge' })],
  ['deleting', (kube) => kube.delete(ref)],
])('waits as long as the API asks, then repeats %s', async (_, call) => {
  const { kube, clock } = await kubeOf();
  const asked = putOff(2, 429, { 'retry-after': '3' });
  expect(await call(kube)).toMatchObject({ ok: true });
  expect(asked.count).toBe(3);
  expect(clock.now()).toBe(6000);
  kube.close();
});

it.each<[string, (kube: Kube) => Promise<{ readonly ok: boolean }>]>([
  ['creating', (kube) => kube.create({ resource: pods, namespace: 'n' }, pod)],
  [
    'an eviction, which a budget puts off',
    (kube) =>
      kube.create(
        { resource: pods, namespace: 'n', below: { name: 'p', subresource: 'eviction' } },
        { ...pod, kind: 'Eviction' },
      ),
  ],
  ['a JSON patch', (kube) => kube.patch(ref, [], { type: 'json' })],
])('does not repeat %s', async (_, call) => {
  const { kube } = await kubeOf();
  const asked = putOff(1, 429, { 'retry-after': '1' });
  expect(await call(kube)).toMatchObject({
    ok: false,
    error: { kind: 'too-many-requests', retryAfterMs: 1000 },
  });
  expect(asked.count).toBe(1);
  kube.close();
});

it('waits longer each time when the API names no time, and gives up within the limit of the call', async () => {
  const { kube, clock } = await kubeOf();
  putOff(Number.POSITIVE_INFINITY, 429);
  const refused = await kube.get(ref, { timeoutMs: 5000 });
  expect(refused).toMatchObject({ ok: false, error: { kind: 'too-many-requests' } });
  // 250 + 500 + 1000 + 2000; 4000 more would be too much.
  expect(clock.now()).toBe(3750);
  const asked = putOff(Number.POSITIVE_INFINITY, 429, { 'retry-after': '0' });
  expect(await kube.get(ref)).toMatchObject({ ok: false });
  expect(asked.count).toBe(10);
  kube.close();
});

it('does not begin a wait that is longer than the call may last, and says how long it would be', async () => {
  const { kube, clock } = await kubeOf();
  const asked = putOff(1, 429, { 'retry-after': '120' });
  expect(await kube.get(ref)).toMatchObject({ ok: false, error: { retryAfterMs: 120_000 } });
  expect([asked.count, clock.now()]).toEqual([1, 0]);
  kube.close();
});

it('repeats a server that shuts down and names a time, not one that is just not ready', async () => {
  const { kube } = await kubeOf();
  putOff(1, 503, { 'retry-after': '1' });
  expect(await kube.get(ref)).toMatchObject({ ok: true });
  const asked = putOff(1, 503);
  expect(await kube.get(ref)).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  expect(asked.count).toBe(1);
  kube.close();
});

it('ends the wait when the caller gives up', async () => {
  const kubeconfig = await api.kubeconfig({ token: 't' });
  const clock = immediateClock();
  const stop = new AbortController();
  const waiting = {
    ...clock,
    delay: async (ms: number, signal?: AbortSignal) => {
      stop.abort();
      signal?.throwIfAborted();
      await clock.delay(ms);
    },
  };
  const kube = createKube(await loadCredentials({ kubeconfig }, () => 0), waiting);
  const asked = putOff(5, 429, { 'retry-after': '1' });
  expect(await kube.get(ref, { signal: stop.signal })).toMatchObject({
    ok: false,
    error: { kind: 'cancelled' },
  });
  expect(asked.count).toBe(1);
  kube.close();
});

it('keeps a connection, and takes another when the server ended it in the very moment of asking', async () => {
  const { kube } = await kubeOf();
  const before = api.connections();
  putOff(0, 200);
  await kube.get(ref);
  await kube.get(ref);
  expect(api.connections() - before).toBe(1);
  const used = new Set<unknown>();
  api.answer.now = (request, response) => {
    if (!used.has(request.socket) && used.size > 0) json(response, pod);
    else {
      used.add(request.socket);
      request.socket.destroy();
    }
  };
  expect(await kube.get(ref)).toMatchObject({ ok: true });
  await kube.get(ref);
  used.clear();
  expect(await kube.create({ resource: pods, namespace: 'n' }, pod)).toMatchObject({
    ok: false,
    error: { kind: 'unreachable' },
  });
  kube.close();
});
