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
      expect(script).toContain('try a 10.0.0.1 8080');
      expect(script).toContain('try b 10.0.0.2 8080');
      const stdout = Buffer.from(
        'ingress\ta\tok\t1\t0\tb\t\ningress\tb\tno\t20\t21\twget: server returned error: HTTP/1.1 503\t\n',
      );
      return Promise.resolve(ok({ status: 0, stdout, stderr: Buffer.alloc(0) }));
    },
  });
  const { signal } = new AbortController();
  const results = await checkIngress({ kube, names, probes, className: 'nginx', port: 8080, signal });
  expect(made[0]?.['spec']).toMatchObject({ ingressClassName: 'nginx' });
  expect(results.map(({ status, node, detail }) => [status, node, detail])).toEqual([
    ['pass', 'a', 'answered by b'],
    ['fail', 'b', 'wget: server returned error: HTTP/1.1 503'],
  ]);
});
