import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../src/core/result.js';
import { lookup, make } from '../../src/lab/build/cache.js';
import { temporary } from './rig.js';

const slot = async (key = 'k') => ({
  home: join(await temporary(), 'things'),
  key,
  owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, home: '/' },
});

const fill = (text: string) => async (directory: string) => {
  await writeFile(join(directory, 'thing'), text);
  return ok(undefined);
};

describe('the build cache', () => {
  it('shows a result only when it is complete', async () => {
    const here = await slot();
    const made = await make(here, async (directory) => {
      expect(await lookup(here, new Date())).toBe(undefined);
      return fill('x')(directory);
    });
    expect(made).toEqual(ok(join(here.home, 'k')));
    expect(await lookup(here, new Date())).toBe(join(here.home, 'k'));
  });

  it('keeps nothing when making throws', async () => {
    const here = await slot();
    await expect(make(here, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await readdir(here.home)).toEqual([]);
  });

  it('accepts that another process was faster', async () => {
    const here = await slot();
    const both = await Promise.all([make(here, fill('a')), make(here, fill('b'))]);
    expect(both.every((one) => one.ok)).toBe(true);
    expect(await readdir(here.home)).toEqual(['k']);
  });

  it('removes what killed processes left, and not what living ones are making', async () => {
    const here = await slot();
    const dead = join(here.home, '.making-4194999-aa');
    const alive = join(here.home, `.making-${process.ppid}-bb`);
    await mkdir(dead, { recursive: true });
    await mkdir(alive);
    await make(here, fill('x'));
    expect((await readdir(here.home)).sort()).toEqual([`.making-${process.ppid}-bb`, 'k']);
  });

  it('keeps the newest result and three others, by last use', async () => {
    const here = await slot('new');
    for (const [i, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      await mkdir(join(here.home, name), { recursive: true });
      await utimes(join(here.home, name), 1000 + i, 1000 + i);
    }
    await lookup({ ...here, key: 'a' }, new Date());
    await make(here, fill('x'));
    expect((await readdir(here.home)).sort()).toEqual(['a', 'd', 'e', 'new']);
  });
});
