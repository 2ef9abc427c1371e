import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportBundle } from '../../../src/bundle/export/export.js';
import { editValue } from '../../../src/bundle/store/edit.js';
import { type Bundle, openBundle, readObjects } from '../../../src/bundle/store/read.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../support/age.js';
import { fakeCluster } from '../support/fake-kube.js';
import { namespace, secret } from '../support/objects.js';

let folder: string;
let wrap: KeyWrap;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-edit-'));
  ({ wrap } = await person());
  const source = fakeCluster('a');
  source.put(namespace('shop'));
  source.put(secret('db', { user: 'u', password: 'old' }));
  await exportBundle({
    kube: source.kube,
    source: { server: 's', context: 'a', uid: 'u', version: 'v1', distribution: 'other' },
    target: undefined,
    folder,
    namespaces: [],
    include: [],
    exclude: [],
    nodePorts: 'own',
    wrap,
    random: systemRandom,
    clock: systemClock,
    tool: '0',
    signal: new AbortController().signal,
    progress: () => undefined,
  });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const bundle = async (): Promise<Bundle> => {
  const opened = await openBundle(folder, wrap);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
};
const dataNow = async () => {
  const objects = await readObjects(await bundle());
  const found = objects.ok ? objects.value.find(({ kind }) => kind === 'Secret') : undefined;
  return Object.fromEntries(
    Object.entries(found?.['data'] as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );
};
const text = (): Promise<string> => readFile(join(folder, 'namespaces/shop/Secret/db.yaml'), 'utf8');
const lineOf = (yaml: string, key: string) =>
  yaml.split('\n').find((line) => line.trim().startsWith(`${key}:`));

it('changes, adds and removes one value; the others keep their ciphertexts and the bundle stays whole', async () => {
  const before = await text();
  const edit = { namespace: 'shop', name: 'db' };
  expect(
    await editValue(
      await bundle(),
      { ...edit, key: 'password', value: Buffer.from('new-canary') },
      systemRandom,
    ),
  ).toEqual({ ok: true, value: undefined });
  expect(await dataNow()).toEqual({ user: 'u', password: 'new-canary' });
  const after = await text();
  expect(after).not.toContain('new-canary');
  expect(after).not.toContain(Buffer.from('new-canary').toString('base64'));
  expect(lineOf(after, 'user')).toBe(lineOf(before, 'user'));
  await editValue(await bundle(), { ...edit, key: 'host', value: Buffer.from('h') }, systemRandom);
  await editValue(await bundle(), { ...edit, key: 'user', value: undefined }, systemRandom);
  expect(await dataNow()).toEqual({ password: 'new-canary', host: 'h' });
});

it('names a Secret that is not there', async () => {
  const edited = await editValue(
    await bundle(),
    { namespace: 'shop', name: 'none', key: 'k', value: Buffer.from('v') },
    systemRandom,
  );
  expect(edited).toMatchObject({
    ok: false,
    error: { code: 'secret-missing', state: 'nothing was changed' },
  });
});
