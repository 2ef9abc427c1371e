import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { writeImage } from '../../src/lab/build/images/archive.js';
import { busyboxEntries } from '../../src/lab/build/images/busybox.js';
import { type ImageEntry, program } from '../../src/lab/build/images/entry.js';
import { writeLayer } from '../../src/lab/build/images/layer.js';
import { BASE } from '../../src/lab/build/images/recipes.js';
import { temporary } from './rig.js';

const contents = async (path: string): Promise<Map<string, { header: Header; data: Buffer }>> => {
  const found = new Map<string, { header: Header; data: Buffer }>();
  const reader = createReadStream(path).pipe(extract());
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.set(entry.header.name, { header: entry.header, data: Buffer.concat(chunks) });
  }
  return found;
};

const binary = async (text: string, mtime: number): Promise<string> => {
  const path = join(await temporary(), 'program');
  await writeFile(path, text);
  await chmod(path, 0o700);
  await utimes(path, mtime, mtime);
  return path;
};

describe('an image', () => {
  it('has the same bytes when made of the same parts at another time and place', async () => {
    const out = await temporary();
    for (const [name, mtime] of [
      ['a', 1_000],
      ['b', 2_000_000_000],
    ] as const) {
      const entries = [...BASE, program('app', await binary('the program', mtime))];
      await writeImage({ reference: 'drover.lab/app:1', entries, entrypoint: ['/app'] }, join(out, name));
    }
    expect((await readFile(join(out, 'a'))).equals(await readFile(join(out, 'b')))).toBe(true);
  });

  it('names its layer and its configuration by their checksums, as importers check them', async () => {
    const out = join(await temporary(), 'image.tar');
    const entries = [...BASE, program('app', await binary('the program', 5))];
    await writeImage({ reference: 'drover.lab/app:1', entries, entrypoint: ['/app'], command: ['-x'] }, out);
    const files = await contents(out);
    const [manifest] = JSON.parse(String(files.get('manifest.json')?.data)) as [
      { Config: string; RepoTags: string[]; Layers: [string] },
    ];
    const sha = (name: string): string => createHash('sha256').update(files.get(name)!.data).digest('hex');
    expect(manifest.RepoTags).toEqual(['drover.lab/app:1']);
    expect(manifest.Config).toBe(`${sha(manifest.Config)}.json`);
    expect(manifest.Layers[0]).toBe(`${sha(manifest.Layers[0])}/layer.tar`);
    const config = JSON.parse(String(files.get(manifest.Config)?.data)) as { rootfs: object; config: object };
    expect(config.rootfs).toEqual({ type: 'layers', diff_ids: [`sha256:${sha(manifest.Layers[0])}`] });
    expect(config.config).toMatchObject({ Entrypoint: ['/app'], Cmd: ['-x'] });
  });
});

describe('a layer', () => {
  it('holds every entry with root as owner, time zero and the mode of its recipe', async () => {
    const path = join(await temporary(), 'layer.tar');
    const entries: ImageEntry[] = [
      ...BASE,
      program('app', await binary('x', 9)),
      { kind: 'link', path: 'bin', target: 'usr/bin' },
    ];
    const layer = await writeLayer(entries, path);
    const files = await contents(path);
    expect([...files.keys()]).toEqual(['app', 'bin', 'etc/', 'etc/group', 'etc/passwd', 'tmp/']);
    for (const { header } of files.values())
      expect(header).toMatchObject({ uid: 0, gid: 0, mtime: new Date(0) });
    expect(files.get('app')?.header.mode).toBe(0o755);
    expect(files.get('tmp/')?.header.mode).toBe(0o1777);
    expect(files.get('bin')?.header).toMatchObject({ type: 'symlink', linkname: 'usr/bin' });
    expect(layer.digest).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(layer.size).toBe((await readFile(path)).length);
  });

  it('does not depend on the order of its recipe', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6})?$/), {
      minLength: 2,
      maxLength: 8,
    });
    const folder = await temporary();
    await fc.assert(
      fc.asyncProperty(names, async (paths) => {
        const entries = paths.map((path): ImageEntry => ({ kind: 'text', path, text: path, mode: 0o644 }));
        const there = await writeLayer(entries, join(folder, 'a'));
        const back = await writeLayer([...entries].reverse(), join(folder, 'b'));
        expect(back.digest).toBe(there.digest);
      }),
      { numRuns: 25 },
    );
  });

  it('fails when a program is missing instead of ending short', async () => {
    const path = join(await temporary(), 'layer.tar');
    await expect(writeLayer([program('app', '/nonexistent/app')], path)).rejects.toThrow('ENOENT');
  });
});

describe('the busybox image', () => {
  it('is refused with the missing path when the root file system lacks busybox', async () => {
    const made = await busyboxEntries(await temporary());
    expect(made).toMatchObject({ ok: false, error: { code: 'lab-images' } });
    expect(made.ok ? '' : made.error.message).toContain('has no usr/bin/busybox');
  });

  it('has a link for every applet that the program itself lists', async () => {
    const tree = await temporary();
    const libraries = 'usr/lib/x86_64-linux-gnu';
    await mkdir(join(tree, libraries), { recursive: true });
    await mkdir(join(tree, 'usr/bin'), { recursive: true });
    await mkdir(join(tree, 'lib64'));
    await Promise.all(
      ['libc.so.6', 'libresolv.so.2'].map((name) => writeFile(join(tree, libraries, name), '')),
    );
    await writeFile(join(tree, 'usr/bin/busybox'), '');
    const lister = join(tree, 'lib64/ld-linux-x86-64.so.2');
    await writeFile(lister, '#!/bin/sh\nprintf "busybox\\nsh\\nwget\\n"\n');
    await chmod(lister, 0o755);
    await symlink('usr/bin', join(tree, 'bin'));
    const made = await busyboxEntries(tree);
    const links = (made.ok ? made.value : [])
      .filter((entry) => entry.kind === 'link')
      .map(({ path }) => path);
    expect(links).toEqual(['bin', 'sbin', 'lib', 'lib64', 'usr/bin/sh', 'usr/bin/wget']);
  });
});
