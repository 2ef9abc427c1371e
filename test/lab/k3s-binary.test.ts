import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rootfsHome } from '../../src/lab/paths.js';
import { drover, must, specFolder, statusOf } from './support/cli.js';
import { inPod, kubeOf, runPod } from './support/cluster.js';

const LAB = 'it-k3s-binary';
const MARK = 'not rehearsed by this version';
let folder: string;
/** Stands for a machine without a usable Go whose cache holds no program and no image. */
let machine: string;
/** The engine and an archive of images, in the roles of a downloaded K3s and its air-gap archive. */
let k3s: string;
let archive: string;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.79.0', servers: 1, agents: 0 });
  machine = await mkdtemp(join(tmpdir(), 'drover-no-go-'));
  const built = await must(['lab', 'build'], folder);
  k3s = /^k3s .* (\S+)$/m.exec(built)?.[1] ?? '';
  archive = /(\S+\/pause\.tar)$/m.exec(built)?.[1] ?? '';
  const go = join(machine, 'go');
  await writeFile(go, '#!/bin/sh\necho go1.19.8\n');
  await chmod(go, 0o755);
  await mkdir(join(machine, 'cache', 'drover'), { recursive: true });
  await symlink(rootfsHome(process.env), join(machine, 'cache', 'drover', 'rootfs'));
  vi.stubEnv('PATH', `${machine}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('XDG_CACHE_HOME', join(machine, 'cache'));
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await rm(machine, { recursive: true });
});

describe('a machine without Go', () => {
  it('makes no cluster with the engine, and is told the other ways before anything is made', async () => {
    const refused = await drover(['lab', 'up', '--cluster'], folder);
    expect(refused.status).toBe(1);
    expect(refused.stderr.match(/is 1\.19\.8, needed is 1\.21\.0 or later/g)).toHaveLength(1);
    const told = refused.stderr.replace(/\s+/g, ' ');
    expect(told).toContain('drover lab up --cluster --k3s /path/to/k3s');
    expect(told).toContain('--k3s-url URL --sha256 HEX');
    expect((await drover(['lab', 'status', LAB], folder)).status).not.toBe(0);
  });

  it('makes one from a given K3s and its archive of images, which then runs pods and is marked', async () => {
    const words = ['--cluster', '--k3s', k3s, '--k3s-images', archive, '--timeout', '600'];
    const up = await drover(['lab', 'up', ...words], folder);
    expect(up.stderr).toContain(MARK);
    expect(up.stderr).not.toContain('no images for pods');
    expect(up.stdout).toMatch(new RegExp(`real K3s v1\\.34\\.\\S+, ${MARK}`));
    expect(up.status).toBe(0);
    expect((await statusOf(LAB, folder)).cluster).toMatchObject({
      kind: 'real',
      version: expect.stringMatching(/^v1\.34\./) as string,
    });
    expect(await must(['lab', 'status', LAB], folder)).toContain(`real K3s (${MARK})`);
    const kube = await kubeOf(LAB, folder);
    await runPod(kube, { name: 'shell', command: 'exec sleep 1000' });
    expect(await inPod(kube, 'shell', 'hostname')).toEqual({ status: 0, text: 'shell' });
    kube.close();
  });
});
