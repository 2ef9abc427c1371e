import type * as FileSystem from 'node:fs/promises';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { exportBundle } from '../../../src/bundle/export/export.js';
import { editValue } from '../../../src/bundle/store/edit.js';
import { openBundle, readObjects } from '../../../src/bundle/store/read.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../support/age.js';
import { exportInput } from '../support/export-input.js';
import { fakeCluster } from '../support/fake-kube.js';
import { namespace, secret } from '../support/objects.js';

/** Effects on the disk that are still allowed; after them the machine is without power. */
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, used: 0 }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const cut =
    <Args extends readonly unknown[], T>(effect: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> => {
      power.used += 1;
      power.left -= 1;
      return power.left < 0 ? Promise.reject(new Error('no power')) : effect(...args);
    };
  return {
    ...real,
    open: cut(real.open as (...args: readonly unknown[]) => Promise<unknown>),
    mkdir: cut(real.mkdir as (...args: readonly unknown[]) => Promise<unknown>),
    rename: cut(real.rename),
    rm: cut(real.rm),
    writeFile: cut(real.writeFile as (...args: readonly unknown[]) => Promise<unknown>),
  };
});

let root: string;
let wrap: KeyWrap;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-killed-'));
  ({ wrap } = await person());
  const source = fakeCluster('a');
  source.put(namespace('shop'));
  source.put(secret('db', { user: 'u', password: 'old' }));
  source.put(secret('other', { key: 'k' }));
  await exportBundle(exportInput(source, { folder: join(root, 'good'), wrap }));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Edits with this many effects, then opens with all power. Tells the values, and how many effects an edit has. */
const editWith = async (effects: number) => {
  const folder = join(root, `copy-${effects}`);
  await cp(join(root, 'good'), folder, { recursive: true });
  const before = await openBundle(folder, wrap);
  if (!before.ok) throw new Error(JSON.stringify(before.error));
  const edit = { namespace: 'shop', name: 'db', key: 'password', value: Buffer.from('new') };
  Object.assign(power, { left: effects, used: 0 });
  const outcome = await editValue(before.value, edit, { files: systemFiles, random: systemRandom });
  const { used } = power;
  power.left = Number.POSITIVE_INFINITY;
  const opened = await openBundle(folder, wrap);
  const objects = opened.ok ? await readObjects(opened.value) : opened;
  if (!objects.ok) throw new Error(JSON.stringify(objects.error));
  const found = objects.value.find(({ metadata }) => metadata.name === 'db');
  const { password } = found?.['data'] as Record<string, string>;
  const pending = (await readdir(folder)).includes('.pending');
  await rm(folder, { recursive: true });
  return { used, outcome, pending, value: Buffer.from(password ?? '', 'base64').toString() };
};

it('leaves a whole bundle, the old one or the new one, wherever it is cut off', async () => {
  const whole = await editWith(Number.POSITIVE_INFINITY);
  expect(whole).toMatchObject({ outcome: { ok: true }, value: 'new' });
  expect(whole.used).toBeGreaterThan(8);
  const seen = new Map<number, string>();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.used), async (effects) => {
      const { outcome, pending, value } = await editWith(effects);
      seen.set(effects, value);
      expect(pending).toBe(false);
      if (outcome.ok) expect(value).toBe('new');
      else if (outcome.error.state === 'nothing was changed') expect(value).toBe('old');
      else expect(value).toBe('new');
    }),
    // Every one of them, for there are few.
    {
      examples: Array.from({ length: whole.used + 1 }, (_, effects): [number] => [effects]),
      numRuns: whole.used + 1,
    },
  );
  const values = [...seen].sort(([a], [b]) => a - b).map(([, value]) => value);
  // Once decided it stays so.
  expect(values.join(' ')).toMatch(/^(old )+(new ?)+$/);
}, 60_000);
