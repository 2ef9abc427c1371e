import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findHelm, type HelmTools } from '../../../../src/app/cluster/charts/find-helm.js';
import { ownArch } from '../../../../src/app/cluster/operator/artifact-cache.js';
import { sha256 } from '../../../../src/core/canonical.js';
import { HELM } from '../../../../src/lab/build/programs.js';
import { systemClock } from '../../../support/ports.js';

const run = promisify(execFile);
const NAME = `helm-v${HELM.version}-linux-${ownArch()}.tar.gz`;
let folder: string;
let server: Server;
let digest = '';
let asked: string[];

/** A release as the project publishes it: an archive, and its digest beside it. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-helm-'));
  asked = [];
  const inside = join(folder, `linux-${ownArch()}`);
  await mkdir(inside);
  await writeFile(join(inside, 'helm'), '#!/bin/sh\necho v4.3.1\n');
  await chmod(join(inside, 'helm'), 0o755);
  await run('tar', ['-czf', join(folder, NAME), '-C', folder, `linux-${ownArch()}`]);
  const archive = await readFile(join(folder, NAME));
  digest = sha256(archive);
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(request.url?.endsWith('.sha256sum') === true ? `${digest}  ${NAME}\n` : archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const tools = (path = '/nonexistent'): HelmTools => ({
  env: { PATH: path, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
  emit: () => undefined,
  clock: systemClock,
  signal: new AbortController().signal,
  lab: false,
  releases: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});

it('fetches a release once, checked against the digest beside it', async () => {
  const found = await findHelm(tools());
  expect(found).toMatchObject({ ok: true });
  const path = found.ok ? found.value : '';
  expect((await run(path, ['version'])).stdout.trim()).toBe('v4.3.1');
  expect(await findHelm(tools())).toEqual(found);
  expect(asked).toEqual([`/${NAME}.sha256sum`, `/${NAME}`]);
});

it('refuses a release that is another one than its digest says, and keeps nothing of it', async () => {
  digest = '0'.repeat(64);
  const found = await findHelm(tools());
  expect(found).toMatchObject({ ok: false, error: { code: 'chart-no-helm' } });
  expect(JSON.stringify(found)).toContain('another SHA-256');
  digest = 'not a digest';
  expect(JSON.stringify(await findHelm(tools()))).toContain('has no digest');
});

it('takes the program of the user when it is recent enough', async () => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const own = async (version: string) => {
    await writeFile(join(bin, 'helm'), `#!/bin/sh\necho ${version}\n`);
    await chmod(join(bin, 'helm'), 0o755);
    return findHelm(tools(`${bin}:/usr/bin:/bin`));
  };
  expect(await own('v3.19.0+g3d8990f')).toEqual({ ok: true, value: 'helm' });
  expect(asked).toEqual([]);
  expect(await own('v3.7.2+g663a896')).not.toEqual({ ok: true, value: 'helm' });
});
