import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateEnds } from '../../src/kube/certificates.js';
import { loadCredentials } from '../../src/kube/credentials.js';
import { type HttpsApi, httpsApi } from './https-api.js';

let api: HttpsApi;
beforeAll(async () => {
  api = await httpsApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const never = new AbortController().signal;

const endsOf = async (user: object, cluster?: object, signal = never) =>
  certificateEnds(
    await loadCredentials({ kubeconfig: await api.kubeconfig(user, cluster) }, () => 0),
    signal,
  );

const clientFiles = async () => {
  const pair = await api.client('someone');
  const at = (name: string): string => join(api.folder, name);
  await writeFile(at('someone.pem'), pair.cert);
  await writeFile(at('someone.secret'), pair.key);
  const user = { 'client-certificate': at('someone.pem'), 'client-key': at('someone.secret') };
  return { user, end: new Date(new X509Certificate(pair.cert).validTo).toISOString() };
};

/** Made for two days. */
const TWO_DAYS_MS = 2 * 86_400_000;

describe('ends of certificates', () => {
  it('are those of the API and of the kubeconfig', async () => {
    const { user, end } = await clientFiles();
    const [shown, own, ...more] = await endsOf(user);
    expect(more).toEqual([]);
    expect(own).toEqual({ name: 'of the kubeconfig', notAfter: end });
    expect(shown?.name).toBe('of the API');
    expect(Math.abs(Date.parse(shown?.notAfter ?? '') - Date.now() - TWO_DAYS_MS)).toBeLessThan(600_000);
  });

  it('are only that of the API where the user has a token', async () => {
    expect((await endsOf({ token: 't' })).map(({ name }) => name)).toEqual(['of the API']);
  });

  it('leave the API out when its authority is another one, or nobody listens', async () => {
    const { user, end } = await clientFiles();
    const own = [{ name: 'of the kubeconfig', notAfter: end }];
    expect(await endsOf(user, {})).toEqual(own);
    const server = await listening();
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await endsOf(user, { server: `https://127.0.0.1:${port}` })).toEqual(own);
  });

  it('do not wait for an API that says nothing once nobody wants to know any more', async () => {
    const silent = await listening();
    const { port } = silent.address() as AddressInfo;
    const cut = new AbortController();
    silent.once('connection', () => {
      cut.abort();
    });
    expect(await endsOf({ token: 't' }, { server: `https://127.0.0.1:${port}` }, cut.signal)).toEqual([]);
    silent.close();
  });
});
