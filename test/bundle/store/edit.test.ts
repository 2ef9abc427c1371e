import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportBundle } from '../../../src/bundle/export/export.js';
import { editValue } from '../../../src/bundle/store/edit.js';
import { type Bundle, openBundle, readObjects } from '../../../src/bundle/store/read.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import { err } from '../../../src/core/result.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../support/age.js';
import { exportInput } from '../support/export-input.js';
import { fakeCluster } from '../support/fake-kube.js';
import { namespace, secret } from '../support/objects.js';

let folder: string;
const tools = { files: systemFiles, random: systemRandom };
let wrap: KeyWrap;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-edit-'));
  ({ wrap } = await person());
  const source = fakeCluster('a');
  source.put(namespace('shop'));
  source.put(secret('db', { user: 'u', password: 'old' }));
  await exportBundle(exportInput(source, { folder, wrap }));
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
    await editValue(await bundle(), { ...edit, key: 'password', value: Buffer.from('new-canary') }, tools),
  ).toEqual({ ok: true, value: undefined });
  expect(await dataNow()).toEqual({ user: 'u', password: 'new-canary' });
  const after = await text();
  expect(after).not.toContain('new-canary');
  expect(after).not.toContain(Buffer.from('new-canary').toString('base64'));
  expect(lineOf(after, 'user')).toBe(lineOf(before, 'user'));
  await editValue(await bundle(), { ...edit, key: 'host', value: Buffer.from('h') }, tools);
  await editValue(await bundle(), { ...edit, key: 'user', value: undefined }, tools);
  expect(await dataNow()).toEqual({ password: 'new-canary', host: 'h' });
});

it('keeps the page of the bundle true', async () => {
  const page = () => readFile(join(folder, 'README.md'), 'utf8');
  const edit = { namespace: 'shop', name: 'db' };
  const before = await page();
  await editValue(await bundle(), { ...edit, key: 'pass$&word', value: Buffer.from('v') }, tools);
  expect(await page()).toBe(
    before.replace('Opaque: user, password', () => 'Opaque: user, password, pass$&word'),
  );
  await editValue(await bundle(), { ...edit, key: 'user', value: undefined }, tools);
  expect(await page()).toContain(
    '| Secret | [db](namespaces/shop/Secret/db.yaml) | Opaque: password, pass$&word |  |',
  );
  await rm(join(folder, 'README.md'));
  expect(await editValue(await bundle(), { ...edit, key: 'user', value: Buffer.from('u') }, tools)).toEqual({
    ok: true,
    value: undefined,
  });
});

it('tells when the disk refuses, and changes nothing', async () => {
  const full = {
    ...systemFiles,
    write: (path: string, content: string, options?: { readonly mode?: number }) =>
      path.endsWith('bundle.json')
        ? Promise.resolve(err({ kind: 'other', path, detail: 'no space left on device' } as const))
        : systemFiles.write(path, content, options),
  };
  const edit = { namespace: 'shop', name: 'db', key: 'password', value: Buffer.from('new') };
  expect(await editValue(await bundle(), edit, { ...tools, files: full })).toEqual({
    ok: false,
    error: {
      code: 'bundle-write',
      message: `${folder} cannot be written`,
      cause: 'no space left on device',
      state: 'nothing was changed',
    },
  });
  expect(await dataNow()).toEqual({ user: 'u', password: 'old' });
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('names a Secret that is not there', async () => {
  const edited = await editValue(
    await bundle(),
    { namespace: 'shop', name: 'none', key: 'k', value: Buffer.from('v') },
    tools,
  );
  expect(edited).toMatchObject({
    ok: false,
    error: { code: 'secret-missing', state: 'nothing was changed' },
  });
});
