import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { k3sArtifact } from '../../../src/app/cluster/k3s-source.js';
import type { Cluster } from '../../../src/spec/cluster.js';

const VERSION = 'v1.36.4+k3s1';
const DIGEST = 'b'.repeat(64);

let folder: string;
let server: Server;
let mirror: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-source-'));
  server = createServer((request, response) => {
    if (request.url !== '/k3s/v1.36.4%2Bk3s1/sha256sum-arm64.txt') return response.writeHead(404).end();
    return response.end(`${'c'.repeat(64)}  k3s-airgap-images-arm64.tar\n${DIGEST}  k3s-arm64\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/k3s/`;
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const find = (source: unknown, arch: 'amd64' | 'arm64' = 'arm64') => {
  const file = join(folder, 'drover.yaml');
  const distribution = { kind: 'k3s', version: VERSION, source };
  const cluster = { file, spec: { distribution } } as unknown as Cluster;
  return k3sArtifact(cluster, arch, new AbortController().signal);
};

describe('the K3s program that a spec asks for', () => {
  it('comes from a mirror under the hosts’ processor, with the digest of the mirror’s list', async () => {
    expect(await find({ kind: 'mirror', url: mirror })).toEqual({
      ok: true,
      value: {
        version: VERSION,
        arch: 'arm64',
        sha256: DIGEST,
        source: { kind: 'url', url: `${mirror}v1.36.4%2Bk3s1/k3s-arm64` },
      },
    });
  });

  it('needs no list where the spec has the digest', async () => {
    const sha256 = 'A'.repeat(64);
    const found = await find({ kind: 'mirror', url: 'http://127.0.0.1:1', sha256 });
    expect(found).toMatchObject({ ok: true, value: { sha256: 'a'.repeat(64) } });
    const url = { kind: 'url', url: 'http://127.0.0.1:1/k3s', sha256 };
    expect(await find(url)).toMatchObject({ ok: true, value: { source: { url: 'http://127.0.0.1:1/k3s' } } });
  });

  it('is refused when the list is not there', async () => {
    expect(await find({ kind: 'mirror', url: mirror }, 'amd64')).toMatchObject({
      ok: false,
      error: { code: 'k3s-release-unknown', cause: 'the server answered 404' },
    });
  });

  it('may be a file, which is looked at before anything is planned', async () => {
    const program = Buffer.alloc(64);
    program.write('\x7fELF', 0, 'latin1');
    program.writeUInt16LE(183, 18);
    await writeFile(join(folder, 'k3s'), program);
    const sha256 = createHash('sha256').update(program).digest('hex');
    const source = { kind: 'file', path: join(folder, 'k3s') };
    expect(await find({ kind: 'file', file: 'k3s' })).toMatchObject({ ok: true, value: { sha256, source } });
    const refusals = [
      [{ kind: 'file', file: 'k3s', sha256: DIGEST }, 'arm64', 'artifact-checksum'],
      [{ kind: 'file', file: 'k3s' }, 'amd64', 'artifact-architecture'],
      [{ kind: 'file', file: 'absent' }, 'arm64', 'artifact-unreadable'],
    ] as const;
    for (const [wanted, arch, code] of refusals)
      expect(await find(wanted, arch)).toMatchObject({
        ok: false,
        error: { code, state: 'nothing was changed' },
      });
  });
});
