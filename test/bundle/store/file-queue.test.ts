import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openWriter } from '../../../src/bundle/store/write.js';

const disk = vi.hoisted(() => ({ waiting: [] as (() => void)[] }));
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  writeFile: () => new Promise<void>((resolve) => disk.waiting.push(resolve)),
}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-writer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const PRODUCERS = 8;
const FILES = 100;
/** As many as are let on their way, and one more of each producer. */
const MOST = 64 + PRODUCERS;

it('lets no more files wait for a slow disk than a fixed number, however many write at the same time', async () => {
  const opened = await openWriter(join(folder, 'bundle'), 'id');
  if (!opened.ok) throw new Error(opened.error.message);
  const { put } = opened.value;
  let done = 0;
  const producers = Array.from({ length: PRODUCERS }, async (_, producer) => {
    for (let file = 0; file < FILES; file += 1) await put(`${producer}/${file}.yaml`, 'text');
    done += 1;
  });
  let written = 0;
  while (done < PRODUCERS) {
    await vi.waitFor(() => expect(disk.waiting.length > 0 || done === PRODUCERS).toBe(true));
    // Everything that may go on goes on before the disk takes the next one.
    await new Promise((resolve) => setImmediate(resolve));
    expect(disk.waiting.length).toBeLessThanOrEqual(MOST);
    disk.waiting.shift()?.();
    written += 1;
  }
  await Promise.all(producers);
  expect(written + disk.waiting.length).toBeGreaterThanOrEqual(PRODUCERS * FILES);
});
