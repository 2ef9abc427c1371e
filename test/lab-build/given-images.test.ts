import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { givenImages } from '../../src/lab/build/given-images.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const given = (path: string) => givenImages({ DROVER_LAB_IMAGES: path });

describe('images that a user gives a lab', () => {
  it('are the archives of a folder, in order', async () => {
    for (const name of ['cilium.tar.gz', 'calico.tar', 'notes.txt']) await writeFile(join(folder, name), '');
    expect(await given(folder)).toEqual({
      ok: true,
      value: [join(folder, 'calico.tar'), join(folder, 'cilium.tar.gz')],
    });
  });

  it('are none when nobody gives any', async () => {
    expect(await givenImages({})).toEqual({ ok: true, value: [] });
    expect(await given('')).toEqual({ ok: true, value: [] });
  });

  it('are missed in a folder without archives, and in one that is not there', async () => {
    const code = 'lab-images-folder';
    expect(await given(folder)).toMatchObject({ ok: false, error: { code, cause: 'no archive is there' } });
    expect(await given(join(folder, 'none'))).toMatchObject({ ok: false, error: { code } });
  });
});
