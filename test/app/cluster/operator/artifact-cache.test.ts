import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CacheTools,
  dropArtifact,
  fetchArtifact,
  keptDigests,
  ownArch,
} from '../../../../src/app/cluster/operator/artifact-cache.js';
import type { Artifact } from '../../../../src/steps/operator/artifact.js';
import { systemClock } from '../../../support/ports.js';

/** A program for the processor that this machine does not have: nobody can ask it for its version. */
const OTHER = ownArch() === 'amd64' ? 'arm64' : 'amd64';
const program = (machine: number): Buffer => {
  const bytes = Buffer.alloc(4096, 7);
  bytes.write('\x7fELF', 0, 'latin1');
  bytes.writeUInt16LE(machine, 18);
  return bytes;
};
const MACHINE = { amd64: 62, arm64: 183 } as const;
const K3S = program(MACHINE[OTHER]);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

let folder: string;
let tools: CacheTools;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-artifacts-'));
  const env = { XDG_CACHE_HOME: folder, HOME: folder };
  tools = { env, emit: () => undefined, clock: systemClock, signal: new AbortController().signal };
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

/** A release server: the program at /k3s, a break in the middle at /cut, other trouble under its number. */
const serve = async (body: Buffer) => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    if (/^\/\d+$/.test(path)) return response.writeHead(Number(path.slice(1))).end('<html>no</html>');
    if (path === '/moved') return response.writeHead(302, { location: '/k3s' }).end();
    response.writeHead(200, { 'content-length': body.length });
    if (path === '/k3s') return response.end(body);
    response.write(body.subarray(0, 100), () => response.destroy());
    return response;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, url: (path: string): string => `http://127.0.0.1:${port}/${path}` };
};

const artifact = (part: Partial<Artifact> & Pick<Artifact, 'source'>): Artifact => ({
  version: 'v1.36.4+k3s1',
  arch: OTHER,
  sha256: sha256(K3S),
  ...part,
});

/** Everything in the cache. */
const cached = async (): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((path) => path.startsWith('drover/k3s/')).sort();

describe('fetching K3s', () => {
  it('keeps what came whole, executable, and does not ask again', async () => {
    const { url, requests } = await serve(K3S);
    const wanted = artifact({ source: { kind: 'url', url: url('moved') } });
    const [first, second] = [await fetchArtifact(wanted, tools), await fetchArtifact(wanted, tools)];
    if (!first.ok) throw new Error(first.error.message);
    expect(second).toEqual(first);
    expect(requests).toEqual(['/moved', '/k3s']);
    expect((await readFile(first.value)).equals(K3S)).toBe(true);
    expect((await stat(first.value)).mode & 0o777).toBe(0o755);
    expect(await keptDigests(tools.env)).toEqual([sha256(K3S)]);
    await dropArtifact(sha256(K3S), tools.env);
    expect(await cached()).toEqual([]);
  });

  it('keeps one copy when two ask at the same time', async () => {
    const { url } = await serve(K3S);
    const wanted = artifact({ source: { kind: 'url', url: url('k3s') } });
    const both = await Promise.all([fetchArtifact(wanted, tools), fetchArtifact(wanted, tools)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await cached()).toEqual([`drover/k3s/${sha256(K3S)}`, `drover/k3s/${sha256(K3S)}/k3s`]);
  });

  it('takes a local file, which stays as it is', async () => {
    const path = join(folder, 'k3s-local');
    await writeFile(path, K3S, { mode: 0o600 });
    expect((await fetchArtifact(artifact({ source: { kind: 'file', path } }), tools)).ok).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await keptDigests(tools.env)).toEqual([sha256(K3S)]);
  });

  it.each([
    ['404', 'artifact-not-found', 'permanent', 'the server answered 404 Not Found'],
    ['503', 'artifact-unreachable', 'transient', 'the server answered 503 Service Unavailable'],
    ['cut', 'artifact-truncated', 'transient', 'after 100 of 4096 bytes'],
  ])('tells in one error what happened (%s), and keeps nothing', async (path, code, kind, cause) => {
    const { url } = await serve(K3S);
    const got = await fetchArtifact(artifact({ source: { kind: 'url', url: url(path) } }), tools);
    expect(got).toMatchObject({ ok: false, error: { code, class: kind } });
    expect(got.ok ? '' : got.error.cause).toContain(cause);
    expect(got.ok ? '' : got.error.message).toBe(`${url(path)} could not be fetched`);
    expect(await cached()).toEqual([]);
  });

  it('names a server that is not there', async () => {
    const got = await fetchArtifact(
      artifact({ source: { kind: 'url', url: 'http://127.0.0.1:1/k3s' } }),
      tools,
    );
    expect(got).toMatchObject({ ok: false, error: { code: 'artifact-unreachable', class: 'transient' } });
    expect(await cached()).toEqual([]);
  });

  it('refuses another digest, and says which', async () => {
    const { url } = await serve(K3S);
    const wanted = artifact({ sha256: 'a'.repeat(64), source: { kind: 'url', url: url('k3s') } });
    expect(await fetchArtifact(wanted, tools)).toMatchObject({
      ok: false,
      error: {
        code: 'artifact-checksum',
        class: 'permanent',
        cause: `must be ${'a'.repeat(64)}\nis      ${sha256(K3S)}`,
      },
    });
    expect(await cached()).toEqual([]);
  });

  it.each([
    ['another processor', program(MACHINE[ownArch()]), `it is for ${ownArch()}, the hosts are ${OTHER}`],
    ['a processor nobody knows', program(9), `it is for processor 9, the hosts are ${OTHER}`],
    ['a page', Buffer.from('<html>this is the login page of your proxy</html>'), 'it is no Linux program'],
    ['nothing', Buffer.alloc(0), 'it is no Linux program'],
  ])('refuses %s', async (_name, body, cause) => {
    const { url } = await serve(body);
    const wanted = artifact({ sha256: sha256(body), source: { kind: 'url', url: url('k3s') } });
    expect(await fetchArtifact(wanted, tools)).toMatchObject({
      ok: false,
      error: { code: 'artifact-architecture', class: 'permanent', cause },
    });
    expect(await cached()).toEqual([]);
  });

  it('refuses a program that answers as something else', async () => {
    const path = join(folder, 'true');
    await copyFile('/bin/true', path);
    await chmod(path, 0o755);
    const digest = sha256(await readFile(path));
    const wanted = artifact({ arch: ownArch(), sha256: digest, source: { kind: 'file', path } });
    expect(await fetchArtifact(wanted, tools)).toMatchObject({
      ok: false,
      error: { code: 'k3s-version-differs', cause: 'it answers as no version' },
    });
    expect(await cached()).toEqual([]);
  });

  it('says that a file is not there', async () => {
    const source = { kind: 'file', path: join(folder, 'absent') } as const;
    expect(await fetchArtifact(artifact({ source }), tools)).toMatchObject({
      ok: false,
      error: { code: 'artifact-unreadable' },
    });
    expect(await cached()).toEqual([]);
  });
});
