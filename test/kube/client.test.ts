import { afterEach, describe, expect, it } from 'vitest';
import type { KubeFailure, WatchEvent } from '../../src/core/ports/kube.js';
import { createKube } from '../../src/kube/client.js';
import { watchResource } from '../../src/kube/watch.js';
import { immediateClock } from '../run/immediate-clock.js';
import { type Answer, type FakeApi, fakeApi, json } from './fake-api.js';

const pods = { group: '', version: 'v1', plural: 'pods' };
const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };

let api: FakeApi;
const kubeWith = async (answer: Answer) => {
  api = await fakeApi(answer);
  return createKube(api.credentials, immediateClock());
};
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const failureOf = (result: { readonly ok: boolean; readonly error?: KubeFailure }): KubeFailure => {
  if (result.ok || result.error === undefined) throw new Error('expected a failure');
  return result.error;
};

describe('requests', () => {
  it('carry the token, the impersonated user and the path of the object', async () => {
    const kube = await kubeWith((_request, response) => json(response, { metadata: { name: 'a b' } }));
    await kube.get({ resource: deployments, namespace: 'n', name: 'a b' });
    expect(api.requests[0]).toMatchObject({
      url: '/apis/apps/v1/namespaces/n/deployments/a%20b',
      headers: { authorization: 'Bearer the-token', 'impersonate-user': 'someone' },
    });
  });

  it('apply on the server side with manager, force, dry run and strict validation', async () => {
    const kube = await kubeWith((_request, response) => json(response, {}));
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };
    await kube.apply({ resource: pods, namespace: 'n', name: 'p' }, object, {
      fieldManager: 'drover',
      force: true,
      dryRun: true,
      fieldValidation: 'Strict',
    });
    expect(api.requests[0]).toMatchObject({
      method: 'PATCH',
      url: '/api/v1/namespaces/n/pods/p?dryRun=All&fieldManager=drover&force=true&fieldValidation=Strict',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(object),
    });
  });

  it('list at one version: it is named on the first page, and in the token of the others', async () => {
    const kube = await kubeWith((request, response) =>
      json(response, {
        apiVersion: 'v1',
        kind: 'PodList',
        metadata:
          request.url?.includes('continue=') === true
            ? { resourceVersion: '7' }
            : { resourceVersion: '7', continue: 'c' },
        items: [{ metadata: { name: 'p' } }],
      }),
    );
    const names: string[] = [];
    for await (const page of kube.list(pods, { resourceVersion: '7', pageSize: 1 }))
      if (page.ok) names.push(...page.value.items.map(({ metadata }) => metadata.name));
    expect(names).toEqual(['p', 'p']);
    expect(api.requests.map(({ url }) => url)).toEqual([
      '/api/v1/pods?resourceVersion=7&resourceVersionMatch=Exact&limit=1',
      '/api/v1/pods?limit=1&continue=c',
    ]);
  });

  it('give typed failures with causes and the time to wait', async () => {
    const kube = await kubeWith((request, response) => {
      if (request.url?.includes('conflict') === true) {
        json(
          response,
          {
            message: 'Apply failed',
            reason: 'Conflict',
            details: { causes: [{ field: '.spec.replicas', message: 'conflict with "hpa"' }] },
          },
          409,
        );
      } else if (request.url?.includes('exists') === true)
        json(response, { reason: 'AlreadyExists', message: 'there' }, 409);
      else if (request.url?.includes('busy') === true) json(response, {}, 429, { 'retry-after': '3' });
      else json(response, { message: 'a\u001b[31mb' }, 422);
    });
    const get = async (name: string) => failureOf(await kube.get({ resource: pods, namespace: 'n', name }));
    expect(await get('conflict')).toMatchObject({ kind: 'conflict', causes: [{ field: '.spec.replicas' }] });
    expect(await get('exists')).toMatchObject({ kind: 'already-exists' });
    expect(await get('busy')).toMatchObject({ kind: 'too-many-requests', retryAfterMs: 3000 });
    expect(await get('other')).toMatchObject({ kind: 'invalid', message: 'ab' });
  });

  it('end at their time limit and when cancelled', async () => {
    const kube = await kubeWith(() => undefined);
    expect(failureOf(await kube.raw('/readyz', { timeoutMs: 50 })).kind).toBe('timed-out');
    const cancel = new AbortController();
    const waiting = kube.raw('/readyz', { signal: cancel.signal });
    cancel.abort();
    expect(failureOf(await waiting).kind).toBe('cancelled');
  });

  it('say unreachable when nobody answers', async () => {
    const kube = await kubeWith((request) => request.socket.destroy());
    expect(failureOf(await kube.version()).kind).toBe('unreachable');
  });
});

describe('list', () => {
  it('follows pages and names the kind of every item', async () => {
    const kube = await kubeWith((request, response) => {
      const second = request.url?.includes('continue=next') === true;
      json(response, {
        apiVersion: 'v1',
        kind: 'PodList',
        metadata: { resourceVersion: '7', continue: second ? '' : 'next' },
        items: [{ metadata: { name: second ? 'b' : 'a' } }],
      });
    });
    const names: string[] = [];
    for await (const page of kube.list(pods, { pageSize: 1 })) {
      if (!page.ok) throw new Error(page.error.message);
      names.push(
        ...page.value.items.map(
          ({ kind, metadata }) => `${kind}/${metadata.name}@${page.value.resourceVersion}`,
        ),
      );
    }
    expect(names).toEqual(['Pod/a@7', 'Pod/b@7']);
  });
});

describe('discover', () => {
  it('leaves out a group whose server is down and sub-resources', async () => {
    const kube = await kubeWith((request, response) => {
      if (request.url === '/apis')
        json(response, {
          groups: [
            { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }] },
            { name: 'apps', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } },
          ],
        });
      else if (request.url === '/apis/metrics.k8s.io/v1beta1') json(response, {}, 503);
      else
        json(response, {
          resources: [
            { name: 'things', kind: 'Thing', namespaced: true, verbs: ['list'] },
            { name: 'things/status', kind: 'Thing', namespaced: true, verbs: ['get'] },
          ],
        });
    });
    const result = await kube.discover();
    expect(
      result.ok && result.value.map(({ group, plural, preferred }) => [group, plural, preferred]),
    ).toEqual([
      ['', 'things', true],
      ['apps', 'things', true],
    ]);
  });
});

describe('watch', () => {
  const pod = (name: string, version: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, resourceVersion: version },
  });
  const line = (response: Parameters<Answer>[1], type: string, object: unknown) =>
    response.write(`${JSON.stringify({ type, object })}\n`);

  it('resumes from the last version after a cut and lists anew when it is gone', async () => {
    let connection = 0;
    const kube = await kubeWith((request, response) => {
      if (request.url?.includes('watch=true') !== true) {
        json(response, {
          apiVersion: 'v1',
          kind: 'PodList',
          metadata: { resourceVersion: connection === 0 ? '1' : '9' },
          items: [],
        });
        return;
      }
      connection += 1;
      if (connection === 1) {
        line(response, 'ADDED', pod('a', '2'));
        line(response, 'BOOKMARK', pod('', '5'));
        setImmediate(() => response.destroy());
      } else if (connection === 2) {
        line(response, 'ERROR', { code: 410, message: 'too old', metadata: {} });
        response.end();
      } else line(response, 'MODIFIED', pod('a', '10'));
    });
    const stop = new AbortController();
    const events: WatchEvent[] = [];
    for await (const event of kube.watch(pods, { signal: stop.signal })) {
      if (!event.ok) throw new Error(event.error.message);
      events.push(event.value);
      if (event.value.type === 'MODIFIED') stop.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['RELISTED', 'ADDED', 'RELISTED', 'MODIFIED']);
    const watches = api.requests
      .filter(({ url }) => url.includes('watch=true'))
      .map(({ url }) => new URL(url, 'http://x').searchParams.get('resourceVersion'));
    expect(watches).toEqual(['1', '5', '9']);
  });

  it('leaves a connection on which nothing arrives any more', async () => {
    let connection = 0;
    await kubeWith((request, response) => {
      if (request.url?.includes('watch=true') !== true)
        json(response, { apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '1' }, items: [] });
      else {
        connection += 1;
        response.writeHead(200);
        response.flushHeaders();
        if (connection === 2) line(response, 'ADDED', pod('late', '2'));
      }
    });
    const stop = new AbortController();
    for await (const event of watchResource({
      credentials: api.credentials,
      resource: pods,
      options: { signal: stop.signal },
      clock: immediateClock(),
      inactivityMs: 50,
    })) {
      if (event.ok && event.value.type === 'ADDED') stop.abort();
    }
    expect(connection).toBe(2);
  });

  it('gives up on what will not change: forbidden', async () => {
    const kube = await kubeWith((_request, response) => json(response, { message: 'no' }, 403));
    const results = [];
    for await (const event of kube.watch(pods, { signal: new AbortController().signal })) results.push(event);
    expect(results).toMatchObject([{ ok: false, error: { kind: 'forbidden' } }]);
  });
});
