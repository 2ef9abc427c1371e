import { describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { type AskedApp, checkInside, checkThroughNodes } from '../../src/verify/applications.js';
import type { CallUrl } from '../../src/verify/urls.js';

const { signal } = new AbortController();
const URL_OF_WEB = { url: 'https://web.example/health', status: [200], insecure: false, timeoutMs: 1000 };
const web: AskedApp = {
  name: 'web',
  namespace: 'shop',
  module: '10 Platform',
  urls: [URL_OF_WEB],
  inside: { port: 8080, path: '/health' },
};
const nodes = [
  { name: 'server-1', address: '10.0.0.11' },
  { name: 'agent-1', address: '10.0.0.21' },
];

describe('an application behind the ingress', () => {
  const through = (call: CallUrl) => checkThroughNodes(web, { nodes, call, signal });

  it('is asked by its name at every node, and told under its module', async () => {
    const asked: string[] = [];
    const results = await through(({ url, via = '', insecure }) => {
      asked.push(`${url} ${via} ${String(insecure)}`);
      return Promise.resolve({ ok: true, value: { status: 200, body: '' } });
    });
    expect(asked).toEqual([
      'https://web.example/health 10.0.0.11 true',
      'https://web.example/health 10.0.0.21 true',
    ]);
    expect(results).toEqual(
      nodes.map(({ name }) => ({
        check: 'application-ingress-10-platform',
        title: '10 Platform: applications answer through the ingress of every node',
        node: name,
        to: 'https://web.example/health',
        status: 'pass',
        detail: 'status 200',
      })),
    );
  });

  it('fails at the nodes whose ingress does not lead to it', async () => {
    const results = await through(({ via }) =>
      Promise.resolve(
        via === '10.0.0.11'
          ? { ok: true, value: { status: 503, body: '' } }
          : { ok: false, error: 'connect ECONNREFUSED' },
      ),
    );
    expect(results.map(({ node, status, detail }) => [node, status, detail])).toEqual([
      ['server-1', 'fail', 'status 503, wanted 200'],
      ['agent-1', 'fail', 'connect ECONNREFUSED'],
    ]);
  });
});

describe('an application inside the cluster', () => {
  const pod = { namespace: 'drover-verify-1', name: 'probe-1', node: 'agent-1' };
  const inside = (said: string, service: Record<string, unknown> = { clusterIP: '10.43.0.9' }) => {
    const asked: (readonly string[])[] = [];
    const kube = {
      get: () =>
        Promise.resolve(ok({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: service })),
      exec: (_pod: unknown, command: readonly string[]) => {
        asked.push(command);
        return Promise.resolve(ok({ status: 0, stdout: Buffer.from(said), stderr: Buffer.from('') }));
      },
    } as unknown as Kube;
    return { asked, results: checkInside(web, { kube, pod, signal }) };
  };

  it('is asked at the address of its Service, on the path of its probe', async () => {
    const { asked, results } = inside('  HTTP/1.1 200 OK\n');
    expect(await results).toMatchObject([
      {
        check: 'application-inside-10-platform',
        to: 'shop/web',
        status: 'pass',
        detail: '/health answers with status 200',
      },
    ]);
    expect(asked[0]?.at(-1)).toBe('http://10.43.0.9:8080/health');
  });

  it.each([
    ['is not ready', '  HTTP/1.1 503 Service Unavailable\n', '/health answers with status 503'],
    [
      'does not answer',
      "wget: can't connect to remote host: Connection refused",
      "wget: can't connect to remote host: Connection refused",
    ],
  ])('fails when it %s', async (_, said, detail) => {
    expect(await inside(said).results).toMatchObject([{ status: 'fail', detail }]);
  });

  it('fails when its Service is not there', async () => {
    const kube = {
      get: () => Promise.resolve(err({ kind: 'not-found', message: 'services "web" not found', causes: [] })),
    } as unknown as Kube;
    expect(await checkInside(web, { kube, pod, signal })).toMatchObject([
      { status: 'fail', detail: 'services "web" not found' },
    ]);
  });
});
