import { expect, it } from 'vitest';
import { ok } from '../../src/core/result.js';
import { checkUrlFromPod } from '../../src/verify/pod-urls.js';
import { judgeAnswer, judgeCertificate, type WantedUrl } from '../../src/verify/urls.js';
import { fakeKube } from './fake-kube.js';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const DAY = 86_400_000;
const wanted: WantedUrl = {
  url: 'https://shop.example/health',
  status: [200, 204],
  contains: 'healthy',
  insecure: false,
  timeoutMs: 5000,
};
const certificate = { subject: 'shop.example', issuer: 'Some CA', expires: NOW + 60 * DAY };

it.each([
  [200, 'healthy', 'pass', 'status 200'],
  [503, 'healthy', 'fail', 'status 503, wanted 200 or 204'],
  [200, 'sorry', 'fail', 'status 200, but the answer does not hold "healthy"'],
])('judges status %i with body %s', (status, body, verdict, detail) => {
  expect(judgeAnswer(wanted, 'outside', { status, body })).toMatchObject({ status: verdict, detail });
});

it.each([
  ['a trusted one', certificate, 'pass', 'until 2026-03-03 (60 days)'],
  ['one that has expired', { ...certificate, expires: NOW - DAY }, 'fail', 'until 2026-01-01: expired'],
  [
    'one that should have been renewed',
    { ...certificate, expires: NOW + 3 * DAY },
    'fail',
    '3 days are left',
  ],
  ['an unknown issuer', { ...certificate, problem: 'SELF_SIGNED' }, 'fail', ': SELF_SIGNED'],
])('judges a certificate: %s', (_, shown, verdict, end) => {
  const result = judgeCertificate(wanted, shown, NOW);
  expect(result.status).toBe(verdict);
  expect(result.detail.endsWith(end)).toBe(true);
});

it('accepts any issuer where the spec says so, but no expired certificate', () => {
  const insecure = { ...wanted, insecure: true };
  const stranger = { ...certificate, problem: 'SELF_SIGNED' };
  expect(judgeCertificate(insecure, stranger, NOW).status).toBe('pass');
  expect(judgeCertificate(insecure, { ...stranger, expires: NOW - DAY }, NOW).status).toBe('fail');
});

it.each([
  ['  HTTP/1.1 301 Moved\n  HTTP/1.1 200 OK\nhealthy', 'pass', 'status 200'],
  ['  HTTP/1.1 503 Service Unavailable\n', 'fail', 'status 503, wanted 200 or 204'],
  ["wget: bad address 'shop.example'\n", 'fail', "wget: bad address 'shop.example'"],
])('calls from a pod: %s', async (said, status, detail) => {
  const kube = fakeKube({
    exec: (_pod, command) => {
      // The address is an argument: whatever it holds, the shell does not read it.
      expect(command.slice(-2)).toEqual([wanted.url, '5']);
      return Promise.resolve(ok({ status: 0, stdout: Buffer.from(said), stderr: Buffer.alloc(0) }));
    },
  });
  const input = { kube, pod: { namespace: 'n', name: 'pod-0' }, signal: new AbortController().signal };
  expect(await checkUrlFromPod(wanted, input)).toMatchObject({ status, detail, node: 'pod' });
});
