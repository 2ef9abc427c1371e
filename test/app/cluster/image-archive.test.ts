import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { airgapOf } from '../../../src/app/cluster/image-archive.js';
import type { Cluster } from '../../../src/spec/cluster.js';
import { distributionSchema } from '../../../src/spec/schema/distribution.js';

const SHA256 = createHash('sha256').update('images').digest('hex');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-archive-'));
  await writeFile(join(folder, 'images.tar'), 'images');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const find = (airgap: object | undefined) =>
  airgapOf({
    file: join(folder, 'drover.yaml'),
    spec: { distribution: { kind: 'k3s', airgap } },
  } as unknown as Cluster);

describe('the archive of images of a spec', () => {
  it('is found beside the spec, with its digest', async () => {
    const local = join(folder, 'images.tar');
    const archive = { name: 'images.tar', local, sha256: SHA256, observed: SHA256 };
    expect(await find({ images: 'images.tar' })).toEqual({ ok: true, value: [archive] });
    expect(await find({ images: 'images.tar', sha256: SHA256.toUpperCase() })).toMatchObject({ ok: true });
    expect(await find(undefined)).toEqual({ ok: true, value: [] });
  });

  it('is refused when it is not what the spec says', async () => {
    expect(await find({ images: 'images.tar', sha256: 'a'.repeat(64) })).toMatchObject({
      ok: false,
      error: { code: 'artifact-checksum', cause: `wanted ${'a'.repeat(64)}, found ${SHA256}` },
    });
    expect(await find({ images: 'other.tar' })).toMatchObject({
      ok: false,
      error: { code: 'artifact-unreadable', message: `${join(folder, 'other.tar')} cannot be read` },
    });
  });

  it('is never an address', () => {
    const spec = { kind: 'k3s', version: 'v1.36.4+k3s1', airgap: { images: 'https://x.example/images.tar' } };
    expect(distributionSchema.safeParse(spec).error?.issues).toMatchObject([
      {
        path: ['airgap', 'images'],
        message: 'expected a path: fetch the archive beforehand, addresses are not followed',
      },
    ]);
  });
});
