import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeContext } from '../../../src/app/doctor/see-context.js';
import type { Answer } from '../../kube/fake-api.js';
import { json } from '../../kube/fake-api.js';
import { type HttpsApi, httpsApi } from '../../kube/https-api.js';
import { systemClock } from '../../support/ports.js';

let api: HttpsApi;
beforeEach(async () => {
  api = await httpsApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const see = async (kubeconfig: string) =>
  seeContext({ kubeconfig }, { clock: systemClock, signal: new AbortController().signal });

const version = { gitVersion: 'v1.34.2+k3s1' };
const system = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid: 'u-1' } };
const empty = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '1' }, items: [] };

const pathOf = ({ url = '' }: IncomingMessage): string => new URL(url, 'https://x').pathname;

/** An empty cluster that is read by whoever asks. */
const answering: Answer = (request, response) => {
  const path = pathOf(request);
  if (path === '/version') json(response, version);
  else if (path === '/api/v1/namespaces/kube-system') json(response, system);
  else if (path.endsWith('/services/kube-dns')) json(response, { kind: 'Status', message: 'none' }, 404);
  else if (path === '/apis') json(response, { groups: [] });
  else if (path === '/api/v1') json(response, { resources: [] });
  else json(response, empty);
};

describe('the cluster of a kubeconfig', () => {
  it('is seen through its API alone, by reading only, with the end of its certificate', async () => {
    const methods = new Set<string>();
    api.answer.now = (request, response) => {
      methods.add(request.method ?? '');
      answering(request, response);
    };
    const seen = await see(await api.kubeconfig({ token: 't' }));
    expect(seen).toMatchObject({
      ok: true,
      value: {
        uid: 'u-1',
        version: 'v1.34.2+k3s1',
        server: expect.stringContaining(api.url) as string,
        certificates: [{ name: 'of the API', daysLeft: 1 }],
        missing: [],
      },
    });
    expect([...methods]).toEqual(['GET']);
  });

  it('cannot be seen when the kubeconfig is not there or names no such context', async () => {
    const refused = {
      ok: false,
      error: [{ code: 'doctor-kubeconfig', state: 'nothing was done', cause: expect.any(String) as string }],
    };
    expect(await see('/nowhere/kubeconfig')).toMatchObject(refused);
    const kubeconfig = await api.kubeconfig({ token: 't' });
    const signal = new AbortController().signal;
    expect(await seeContext({ kubeconfig, context: 'other' }, { clock: systemClock, signal })).toMatchObject(
      refused,
    );
  });

  it('does not tell when its API refuses, and the code says why', async () => {
    api.answer.now = (_request, response) => {
      json(response, { kind: 'Status', message: 'who are you?' }, 401);
    };
    const path = await api.kubeconfig({ token: 't' });
    expect(await see(path)).toMatchObject({
      ok: false,
      error: [{ code: 'kube-unauthorized', cause: expect.stringContaining('who are you?') as string }],
    });
    expect(await see(await api.kubeconfig({ token: 't' }, {}))).toMatchObject({
      ok: false,
      error: [{ code: 'kube-tls', state: 'nothing was changed' }],
    });
  });
});
