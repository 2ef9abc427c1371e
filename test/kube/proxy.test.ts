import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateEnds } from '../../src/kube/certificates.js';
import { createKube } from '../../src/kube/client.js';
import { type Credentials, loadCredentials } from '../../src/kube/credentials.js';
import { immediateClock } from '../run/immediate-clock.js';
import { json } from './fake-api.js';
import { type HttpsApi, httpsApi } from './https-api.js';
import { httpProxy, type Proxy } from './proxies.js';

let api: HttpsApi;
let credentials: Credentials | undefined;
const closing: Proxy[] = [];
beforeEach(async () => {
  api = await httpsApi();
  api.answer.now = (_request, response) => {
    json(response, { gitVersion: 'v1' });
  };
});
afterEach(async () => {
  credentials?.close();
  credentials = undefined;
  for (const proxy of closing.splice(0)) await proxy[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const kept = async (proxy: Promise<Proxy>): Promise<Proxy> => {
  const open = await proxy;
  closing.push(open);
  return open;
};

const through = async (proxyUrl: string) => {
  const cluster = { 'certificate-authority': 'ca.crt', 'proxy-url': proxyUrl };
  const kubeconfig = await api.kubeconfig({ token: 't' }, cluster);
  credentials = await loadCredentials({ kubeconfig }, () => 0);
  return createKube(credentials, immediateClock());
};

const place = (): string => api.url.replace('https://', '');

describe('proxy-url of a kubeconfig', () => {
  it('leads every request through an HTTP proxy, over connections that are kept', async () => {
    const proxy = await kept(httpProxy());
    const kube = await through(`http://${proxy.place}`);
    for (let request = 0; request < 5; request += 1)
      expect(await kube.version()).toEqual({ ok: true, value: { gitVersion: 'v1' } });
    expect(proxy.asked).toEqual([{ target: place() }]);
    expect(api.connections()).toBe(1);
  });

  it('is taken for WebSockets and for the look at the API’s certificate too', async () => {
    const proxy = await kept(httpProxy());
    const kube = await through(`http://${proxy.place}`);
    const signal = AbortSignal.timeout(10_000);
    expect(await certificateEnds(credentials as Credentials, signal)).toMatchObject([{ name: 'of the API' }]);
    api.answer.now = (_request, response) => json(response, { message: 'no exec' }, 403);
    const pod = { namespace: 'shop', name: 'web' };
    expect(await kube.exec(pod, ['true'])).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
    expect(proxy.asked).toEqual([{ target: place() }, { target: place() }]);
  });

  it('may hold a name and a password, which the proxy gets and no error shows', async () => {
    const proxy = await kept(httpProxy(407));
    const kube = await through(`http://jane:canary@${proxy.place}`);
    const answer = await kube.version();
    expect(proxy.asked[0]?.credentials).toBe(`Basic ${Buffer.from('jane:canary').toString('base64')}`);
    expect(answer).toMatchObject({
      ok: false,
      error: { kind: 'unreachable', message: `through the proxy http://${proxy.place}: Bad response: 407` },
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('does not make the API’s certificate any less checked', async () => {
    const proxy = await kept(httpProxy());
    const stranger = await httpsApi();
    const other = Buffer.from(stranger.authority).toString('base64');
    await stranger[Symbol.asyncDispose]();
    const cluster = { 'certificate-authority-data': other, 'proxy-url': `http://${proxy.place}` };
    credentials = await loadCredentials(
      { kubeconfig: await api.kubeconfig({ token: 't' }, cluster) },
      () => 0,
    );
    const kube = createKube(credentials, immediateClock());
    expect(await kube.version()).toMatchObject({ ok: false, error: { kind: 'tls' } });
  });

  it('says which proxy it was when nobody listens there, or when an https proxy cannot prove itself', async () => {
    const gone = await httpProxy();
    await gone[Symbol.asyncDispose]();
    const kube = await through(`http://${gone.place}`);
    expect(await kube.version()).toMatchObject({
      ok: false,
      error: {
        kind: 'unreachable',
        message: expect.stringMatching(`through the proxy http://${gone.place}: .*ECONNREFUSED`) as string,
      },
    });
    kube.close();
    const untrusted = await through(`https://${place()}`);
    expect(await untrusted.version()).toMatchObject({
      ok: false,
      error: {
        kind: 'tls',
        message: expect.stringContaining(`through the proxy https://${place()}: `) as string,
      },
    });
  });

  it.each(['ftp://proxy:21', 'proxy:3128', 'http://'])('is refused when it is %s', async (address) => {
    await expect(through(address)).rejects.toThrow('no address of an http or https proxy');
  });

  it('is refused when it names a SOCKS proxy, without the password that stands in it', async () => {
    const refused = through('socks5://jane:canary@proxy.example:1080');
    await expect(refused).rejects.toThrow(
      'proxy-url of the kubeconfig names a SOCKS proxy (proxy.example:1080); only http and https proxies',
    );
    await expect(refused).rejects.not.toThrow('canary');
  });
});
