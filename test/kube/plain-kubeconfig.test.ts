import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKube } from '../../src/kube/client.js';
import { loadCredentials } from '../../src/kube/credentials.js';
import { plainKubeconfig } from '../../src/kube/plain-kubeconfig.js';
import { immediateClock } from '../run/immediate-clock.js';
import { json } from './fake-api.js';
import { type HttpsApi, httpsApi } from './https-api.js';

const loaded = vi.hoisted(() => ({ times: 0 }));
vi.mock('@kubernetes/client-node', async (original) => {
  loaded.times += 1;
  return original();
});

let api: HttpsApi;
beforeAll(async () => {
  api = await httpsApi();
  api.answer.now = ({ socket }, response) => {
    if (!(socket instanceof TLSSocket)) throw new Error('no TLS');
    json(response, { gitVersion: socket.getPeerCertificate().subject.CN });
  };
});
afterAll(() => api[Symbol.asyncDispose]());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
}

/** As K3s writes it, in YAML. */
const k3sText = async ({ cluster = {}, user = {} }: Parts = {}): Promise<string> => {
  const { cert, key } = await api.client('admin');
  const clusterPart = { 'certificate-authority-data': base64(api.authority), server: api.url, ...cluster };
  const userPart = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key), ...user };
  return `apiVersion: v1
clusters:
- cluster: ${JSON.stringify(clusterPart)}
  name: default
contexts:
- context: {cluster: default, user: default}
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user: ${JSON.stringify(userPart)}
`;
};

const versionBy = async (text: string) => {
  const credentials = await loadCredentials({ text }, () => 0);
  try {
    return await createKube(credentials, immediateClock()).version();
  } finally {
    credentials.close();
  }
};

describe('a kubeconfig as K3s writes it', () => {
  it('needs no client library: it is read quickly, and who asks is proven by its certificate', async () => {
    expect(await versionBy(await k3sText())).toEqual({ ok: true, value: { gitVersion: 'admin' } });
    expect(loaded.times).toBe(0);
  });

  it('does not trust another authority than its own', async () => {
    const stranger = await httpsApi();
    const cluster = { 'certificate-authority-data': base64(stranger.authority) };
    await stranger[Symbol.asyncDispose]();
    expect(await versionBy(await k3sText({ cluster }))).toMatchObject({ error: { kind: 'tls' } });
  });
});

describe('a kubeconfig with more in it', () => {
  it.each<[string, Parts]>([
    ['a proxy', { cluster: { 'proxy-url': 'http://proxy:3128' } }],
    ['no check of the certificate', { cluster: { 'insecure-skip-tls-verify': true } }],
    ['another name of the server', { cluster: { 'tls-server-name': 'other' } }],
    ['a server without TLS', { cluster: { server: 'http://127.0.0.1:1' } }],
    ['a token', { user: { token: 't' } }],
    ['a plugin', { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' } } }],
    ['data that is not Base64', { user: { 'client-key-data': '***' } }],
  ])('is for the client library: %s', async (_, parts) => {
    expect(plainKubeconfig(await k3sText(parts), undefined)).toBeUndefined();
  });

  it('is one whose context is asked for and not there, or that is no kubeconfig', async () => {
    expect(plainKubeconfig(await k3sText(), 'other')).toBeUndefined();
    expect(plainKubeconfig('{', undefined)).toBeUndefined();
    await expect(loadCredentials({ text: await k3sText(), context: 'other' }, () => 0)).rejects.toThrow(
      'other',
    );
    expect(loaded.times).toBe(1);
  });
});
