import { createHash } from 'node:crypto';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type K3sSource, realK3s } from '../../src/lab/build/k3s-binary.js';
import { buildHome } from '../../src/lab/build/paths.js';
import { rig, temporary, tree } from './rig.js';

const K3S = '#!/bin/sh\necho "k3s version v1.34.2+k3s1 (abcdef01)"\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Serves `body` at /k3s, an error page at /missing, and breaks off half-way at /cut. */
const serve = async (body: string): Promise<{ url: (path: string) => string; requests: string[] }> => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/moved') return response.writeHead(302, { location: '/k3s' }).end();
    if (request.url === '/missing') return response.writeHead(404).end('<html>no</html>');
    response.writeHead(200, { 'content-length': body.length });
    if (request.url !== '/cut') return response.end(body);
    response.write(body.slice(0, 5), () => response.destroy());
    return response;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, url: (path) => `http://127.0.0.1:${port}/${path}` };
};

const get = async (source: K3sSource) => {
  const { context } = await rig('/usr/bin:/bin');
  const got = await realK3s(source, context);
  const left = (await tree(join(buildHome(context.env), 'k3s'))).filter((path) => path.includes('k3s'));
  return { got, left, context };
};

describe('a real K3s', () => {
  it('is taken from a file, asked for its version and kept under its checksum', async () => {
    const path = join(await temporary(), 'k3s-amd64');
    await writeFile(path, K3S);
    const { got } = await get({ kind: 'file', path });
    expect(got).toMatchObject({ ok: true, value: { version: 'v1.34.2+k3s1', sha256: sha256(K3S) } });
    expect((await stat(got.ok ? got.value.path : '')).mode & 0o777).toBe(0o755);
  });

  it('is downloaded, through redirects, once', async () => {
    const { url, requests } = await serve(K3S);
    const source: K3sSource = { kind: 'url', url: url('moved'), sha256: sha256(K3S).toUpperCase() };
    const { got, context } = await get(source);
    expect(got).toMatchObject({ ok: true, value: { version: 'v1.34.2+k3s1' } });
    expect((await realK3s(source, context)).ok).toBe(true);
    expect(requests).toEqual(['/moved', '/k3s']);
  });

  it('is refused when the checksum differs, and nothing is kept', async () => {
    const { url } = await serve(K3S);
    const { got, left } = await get({ kind: 'url', url: url('k3s'), sha256: 'a'.repeat(64) });
    expect(got).toMatchObject({
      ok: false,
      error: { code: 'lab-k3s-checksum', state: 'the download was thrown away' },
    });
    expect(got.ok ? '' : got.error.cause).toBe(`given    ${'a'.repeat(64)}\nreceived ${sha256(K3S)}`);
    expect(left).toEqual([]);
  });

  it.each([
    ['missing', 'the server answered 404 Not Found'],
    ['cut', 'terminated'],
  ])('that cannot be downloaded (%s) is one error, and nothing is kept', async (path, cause) => {
    const { url } = await serve(K3S);
    const { got, left } = await get({ kind: 'url', url: url(path), sha256: sha256(K3S) });
    expect(got).toMatchObject({ ok: false, error: { code: 'lab-k3s-download' } });
    expect(got.ok ? '' : got.error.cause).toContain(cause);
    expect(left).toEqual([]);
  });

  it('that is something else is refused, and nothing is kept', async () => {
    const folder = await temporary();
    await writeFile(join(folder, 'page'), '<html>not found</html>');
    await writeFile(join(folder, 'other'), '#!/bin/sh\necho "kubectl v1"\n');
    await chmod(join(folder, 'other'), 0o755);
    for (const name of ['page', 'other', 'absent']) {
      const { got, left } = await get({ kind: 'file', path: join(folder, name) });
      expect(got).toMatchObject({ ok: false, error: { code: 'lab-k3s-program' } });
      expect(left).toEqual([]);
    }
  });
});
