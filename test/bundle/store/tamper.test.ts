import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { exportBundle } from '../../../src/bundle/export/export.js';
import type { BundleIndex } from '../../../src/bundle/model/bundle-index.js';
import { indexDigest } from '../../../src/bundle/seal/index-mac.js';
import { checkBundle, openBundle } from '../../../src/bundle/store/read.js';
import { sha256 } from '../../../src/core/canonical.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import { person } from '../support/age.js';
import { exportInput } from '../support/export-input.js';
import { fakeCluster } from '../support/fake-kube.js';
import { namespace, object, secret } from '../support/objects.js';

let root: string;
let folder: string;
let wrap: KeyWrap;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-tamper-'));
  const source = fakeCluster('a');
  for (const each of [
    namespace('shop'),
    secret('one', { a: '1' }),
    secret('two', { a: '2' }),
    object('v1', 'ConfigMap', 'c', { data: { k: 'v' } }),
  ])
    source.put(each);
  ({ wrap } = await person());
  const done = await exportBundle(exportInput(source, { folder: join(root, 'good'), wrap }));
  expect(done.ok).toBe(true);
});
afterAll(async () => {
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  folder = join(root, 'copy');
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, 'good'), folder, { recursive: true });
});

const at = (path: string): string => join(folder, path);
const ONE = 'namespaces/shop/Secret/one.yaml';
const TWO = 'namespaces/shop/Secret/two.yaml';
const edit = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(at(path), change(await readFile(at(path), 'utf8')));
const readIndex = async () => JSON.parse(await readFile(at('bundle.json'), 'utf8')) as BundleIndex;
/** An index that was edited by somebody who knows how digests are made, but has no identity. */
const forge = async (change: (index: BundleIndex) => BundleIndex): Promise<void> => {
  const { digest, mac, ...content } = change(await readIndex());
  await writeFile(at('bundle.json'), JSON.stringify({ ...content, digest: indexDigest(content), mac }));
};
/** Writes a value in plain text, and an index that knows of it. */
const unsealOne = async (): Promise<void> => {
  await edit(ONE, (text) => text.replace(/ENC\[.*\]/, 'MQ=='));
  const hash = sha256(await readFile(at(ONE)));
  await forge((index) => ({
    ...index,
    entries: index.entries.map((entry) => (entry.path === ONE ? { ...entry, sha256: hash } : entry)),
  }));
};
const outcome = async () => {
  const opened = await openBundle(folder, wrap);
  return opened.ok ? 'opened' : `${opened.error.code}: ${opened.error.cause ?? ''}`;
};

it('opens untouched', async () => {
  expect(await outcome()).toBe('opened');
});

it.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'a changed file',
    () => edit('namespaces/shop/ConfigMap/c.yaml', (text) => text.replace('v', 'w')),
    /bundle-tampered: .*c\.yaml was changed/,
  ],
  [
    'a file cut short',
    () => edit(ONE, (text) => text.slice(0, 40)),
    /bundle-tampered: .*one\.yaml was changed/,
  ],
  ['a missing file', () => rm(at(ONE)), /bundle-tampered: .*one\.yaml is missing/],
  [
    'an added file',
    () => writeFile(at('namespaces/shop/Secret/new.yaml'), 'x'),
    /bundle-tampered: .*new\.yaml was added/,
  ],
  [
    'two swapped files',
    async () => {
      await rename(at(ONE), at('x'));
      await rename(at(TWO), at(ONE));
      await rename(at('x'), at(TWO));
    },
    /bundle-tampered: .*was changed/,
  ],
  ['an index cut short', () => edit('bundle.json', (text) => text.slice(0, -20)), /bundle-unreadable/],
  [
    'an index of a later format',
    () => edit('bundle.json', (text) => text.replace('"formatVersion": 1', '"formatVersion": 2')),
    /bundle-unreadable: formatVersion/,
  ],
  [
    'an entry dropped from the index',
    () => edit('bundle.json', (text) => text.replace(/"name": "c"/, '"name": "d"')),
    /bundle-tampered/,
  ],
  ['no index', () => rm(at('bundle.json')), /bundle-missing/],
  [
    'an entry dropped with the digest made anew',
    async () => {
      await rm(at(ONE));
      await forge((index) => ({ ...index, entries: index.entries.filter(({ path }) => path !== ONE) }));
    },
    /bundle-tampered: its index was not made by anybody who can read it/,
  ],
  [
    'a value in plain text with the digest made anew',
    () => unsealOne(),
    /bundle-tampered: its index was not made by anybody who can read it/,
  ],
  [
    'a file in another’s place',
    () =>
      forge((index) => ({
        ...index,
        entries: index.entries.map((entry) =>
          entry.path === ONE ? { ...entry, path: '../../etc/passwd' } : entry,
        ),
      })),
    /bundle-tampered: .*wrong place/,
  ],
])('refuses %s', async (_, damage, expected) => {
  await damage();
  expect(await outcome()).toMatch(expected);
});

it('tells who has no identity that a value is in plain text', async () => {
  expect((await checkBundle(folder)).ok).toBe(true);
  await unsealOne();
  const checked = await checkBundle(folder);
  expect(checked.ok ? '' : checked.error.cause).toMatch(/one\.yaml holds a value that is not sealed/);
});

it('refuses another identity', async () => {
  const stranger = await person();
  const opened = await openBundle(folder, stranger.wrap);
  expect(opened).toMatchObject({ ok: false, error: { code: 'bundle-key', state: 'nothing was done' } });
});
