import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/ports/kube.js';
import { ok } from '../../src/core/result.js';
import { checkIngress } from '../../src/verify/ingress.js';
import { fakeKube } from './fake-kube.js';

const target = (node: string, hostAddress: string) => ({ node, hostAddress, podAddress: '' });
const probes = {
  targets: [target('a', '10.0.0.1'), target('b', '10.0.0.2')],
  sources: [{ node: 'a', pod: 'host-0', host: true }],
  serviceAddress: '10.43.0.9',
  results: [],
};
const names = { namespace: 'drover-verify-1', image: '', expires: '' };

it('asks every node’s own address by an Ingress of the class, and fails the node that does not answer', async () => {
  const made: KubeObject[] = [];
  const kube = fakeKube({
    create: (_ref, object) => {
      made.push(object);
      return Promise.resolve(ok(object));
    },
    exec: (_pod, [, , script = '']) => {
      expect(script).toContain("try http a 'http://10.0.0.1:8080/node'");
      expect(script).toContain("try https b 'https://10.0.0.2:8443/node'");
      expect(script).toContain("try health b 'http://10.0.0.2:10254/healthz'");
      const refused = 'wget: server returned error: HTTP/1.1 503';
      const lines = ['a', 'b'].flatMap((node) => [
        node === 'a' ? 'http\ta\tok\t1\t0\tb\t' : `http\tb\tno\t20\t21\t${refused}\t`,
        `https\t${node}\tok\t1\t0\ta\t`,
        ...(node === 'a' ? ['health\ta\tok\t1\t0\tOK\t'] : []),
      ]);
      const stdout = Buffer.from(`${lines.join('\n')}\n`);
      return Promise.resolve(ok({ status: 0, stdout, stderr: Buffer.alloc(0) }));
    },
  });
  const { signal } = new AbortController();
  const ports = { http: 8080, https: 8443, health: 10254 };
  const asked = { kube, names, probes, className: 'nginx', ports, healthPath: '/healthz', signal };
  const results = await checkIngress(asked);
  expect(made[0]?.['spec']).toMatchObject({ ingressClassName: 'nginx' });
  expect(results.map(({ status, node, detail }) => [status, node, detail])).toEqual([
    ['pass', 'a', 'answered by b'],
    ['pass', 'a', 'answered by a'],
    ['pass', 'a', 'OK'],
    ['fail', 'b', 'wget: server returned error: HTTP/1.1 503'],
    ['pass', 'b', 'answered by a'],
    ['fail', 'b', 'no answer'],
  ]);
});
