import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepDigest, keptDigest } from '../../src/lab/build/kept-digest.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-digest-'));
  file = join(folder, 'program');
  writeFileSync(file, 'one');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the digest of a file in the cache', () => {
  it('is read from beside it', async () => {
    await keepDigest(file);
    writeFileSync(file, 'two');
    expect(await keptDigest(file)).toBe(digest('one'));
  });

  it.each(['', 'not a digest'])('is computed where %j is beside it', async (beside) => {
    if (beside !== '') writeFileSync(`${file}.sha256`, beside);
    expect(await keptDigest(file)).toBe(digest('one'));
  });
});
