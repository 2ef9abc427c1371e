import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editKubeconfigFile, kubeconfigPath } from '../../../../src/app/cluster/operator/kubeconfig-file.js';
import { err, ok } from '../../../../src/core/result.js';
import { immediateClock } from '../../../run/immediate-clock.js';
import { systemRandom } from '../../../support/ports.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true }));

const tools = () => ({ clock: immediateClock(), random: systemRandom, signal: new AbortController().signal });

describe('the kubeconfig that contexts go into', () => {
  it('is a lab’s own for a lab, whatever the user has', async () => {
    const env = { KUBECONFIG: '/user/config', HOME: '/home/user' };
    expect(await kubeconfigPath({ kubeconfig: '/lab/kubeconfig' }, env, folder)).toBe('/lab/kubeconfig');
  });

  it('is the one that kubectl would take', async () => {
    const there = join(folder, 'there');
    await writeFile(there, '');
    const choose = (env: Readonly<Record<string, string>>) => kubeconfigPath({}, env, folder);
    expect(await choose({ KUBECONFIG: `${folder}/absent:${there}:${folder}/last` })).toBe(there);
    expect(await choose({ KUBECONFIG: 'there' })).toBe(there);
    expect(await choose({ KUBECONFIG: `${folder}/absent:${folder}/last` })).toBe(join(folder, 'last'));
    expect(await choose({ HOME: '/home/user' })).toBe('/home/user/.kube/config');
  });
});

describe('changing it', () => {
  it('makes file and folder closed to others', async () => {
    const path = join(folder, '.kube', 'config');
    expect(await editKubeconfigFile(path, () => ok('a: 1\n'), tools())).toEqual(ok(undefined));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, '.kube'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, '.kube'))).toEqual(['config']);
  });

  it('closes a file that others could read, and follows links', async () => {
    await mkdir(join(folder, 'real'));
    const real = join(folder, 'real', 'config');
    await writeFile(real, 'a: 1\n');
    await chmod(real, 0o644);
    const path = join(folder, 'link');
    await symlink(real, path);
    await editKubeconfigFile(path, (text) => ok(`${text ?? ''}b: 2\n`), tools());
    expect(await readFile(real, 'utf8')).toBe('a: 1\nb: 2\n');
    expect((await stat(real)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['link', 'real']);
  });

  it('changes nothing when the edit fails, and leaves no lock behind', async () => {
    const path = join(folder, 'config');
    await writeFile(path, 'a: 1\n');
    const refused = { class: 'person', code: 'kubeconfig-unreadable', message: 'no' } as const;
    expect(await editKubeconfigFile(path, () => err(refused), tools())).toEqual(err(refused));
    expect(await readFile(path, 'utf8')).toBe('a: 1\n');
    expect(await readdir(folder)).toEqual(['config']);
  });

  it('removes a file that shall be none', async () => {
    const path = join(folder, 'config');
    await writeFile(path, 'a: 1\n');
    await editKubeconfigFile(path, () => ok(null), tools());
    expect(await readdir(folder)).toEqual([]);
  });

  it('waits for whoever holds kubectl’s lock, and names the lock in the end', async () => {
    const path = join(folder, 'config');
    await writeFile(`${path}.lock`, '');
    const refused = await editKubeconfigFile(path, () => ok('a: 1\n'), tools());
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'kubeconfig-not-written', cause: `${path}.lock exists` },
    });
    expect(await readdir(folder)).toEqual(['config.lock']);
  });

  it('lets nobody’s change be lost', async () => {
    const path = join(folder, 'config');
    const { clock: _, ...rest } = tools();
    const { systemClock } = await import('../../../support/ports.js');
    const add = (line: string) =>
      editKubeconfigFile(path, (text) => ok(`${text ?? ''}${line}\n`), { ...rest, clock: systemClock });
    const lines = Array.from({ length: 8 }, (_each, at) => `line ${at}`);
    await Promise.all(lines.map(add));
    expect((await readFile(path, 'utf8')).trim().split('\n').sort()).toEqual(lines);
  });

  it('says what stands in the way', async () => {
    const path = join(folder, 'file', 'config');
    await writeFile(join(folder, 'file'), '');
    const refused = await editKubeconfigFile(path, () => ok('a: 1\n'), tools());
    expect(refused).toMatchObject({ ok: false, error: { code: 'kubeconfig-not-written' } });
  });
});
