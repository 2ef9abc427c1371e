import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callUrl } from '../../../../src/app/cluster/verify/call-url.js';
import { checkUrl } from '../../../../src/verify/urls.js';

let folder: string;
const servers: Server[] = [];
const DAY = 86_400_000;

const listen = (server: Server): Promise<number> => {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-urls-'));
  const subject = ['-subj', '/CN=shop.example', '-days', '30'];
  const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
  await execa('openssl', [...'req -x509 -newkey rsa:2048 -nodes'.split(' '), ...subject, ...files]);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const ask = (url: string, more: { readonly insecure?: boolean; readonly timeoutMs?: number } = {}) =>
  checkUrl({ url, status: [200], insecure: false, timeoutMs: 5000, ...more }, callUrl, {
    now: Date.now(),
    signal: new AbortController().signal,
  });

it('tells the certificate that a server showed, and does not trust a stranger’s', async () => {
  const pem = { key: await readFile(join(folder, 'key')), cert: await readFile(join(folder, 'cert')) };
  const port = await listen(createHttps(pem, (_, response) => response.end('fine')));
  const url = `https://127.0.0.1:${port}/`;
  const about = `shop.example, issued by shop.example, until ${new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10)}`;
  expect((await ask(url)).map(({ check, status, detail }) => [check, status, detail])).toEqual([
    ['url', 'pass', 'status 200'],
    ['url-certificate', 'fail', `${about}: DEPTH_ZERO_SELF_SIGNED_CERT`],
  ]);
  const insecure = await ask(url, { insecure: true });
  expect(insecure.map(({ status }) => status)).toEqual(['pass', 'pass']);
});

it('fails what answers otherwise, not in time, or not at all', async () => {
  const port = await listen(
    createHttp((request, response) => {
      if (request.url === '/sorry') response.writeHead(503).end('sorry');
    }),
  );
  const base = `http://127.0.0.1:${port}`;
  expect(await ask(`${base}/sorry`)).toMatchObject([{ status: 'fail', detail: 'status 503, wanted 200' }]);
  expect(await ask(`${base}/mute`, { timeoutMs: 50 })).toMatchObject([
    { status: 'fail', detail: 'no answer in 50 ms' },
  ]);
  expect(await ask('http://127.0.0.1:1/')).toMatchObject([
    { status: 'fail', detail: 'connect ECONNREFUSED 127.0.0.1:1' },
  ]);
});
