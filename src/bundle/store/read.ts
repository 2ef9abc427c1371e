import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '../../core/canonical.js';
import type { DroverError } from '../../core/error.js';
import { mapAtOnce } from '../../core/map-at-once.js';
import type { KeyWrap } from '../../core/ports/key-wrap.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { BundleEntry, BundleIndex } from '../model/bundle-index.js';
import { isSigned, keyId } from '../seal/index-mac.js';
import { openObject, plainPlaces } from '../seal/object.js';
import { readIndex, tampered } from './read-index.js';
import { parseObject } from './yaml-text.js';

/** A bundle whose index, files and key were checked. */
export interface Bundle {
  readonly folder: string;
  readonly index: BundleIndex;
  readonly key: Uint8Array;
  /** An object with its secrets opened, checked once more while it is read. Secrets stay in memory. */
  readonly object: (entry: BundleEntry) => Promise<Result<KubeObject, DroverError>>;
}

const AT_ONCE = 64;

/** Files of a folder, relative with `/`; none when there is no such folder. */
const filesBelow = async (folder: string, part: string): Promise<readonly string[]> => {
  try {
    const found = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch {
    return [];
  }
};

/** The text of an object's file, once it is what the index says. */
const readText = async (
  folder: string,
  { path, sha256: wanted }: BundleEntry,
): Promise<Result<string, string>> => {
  let text: string;
  try {
    text = await readFile(join(folder, path), 'utf8');
  } catch {
    return err(`${path} is missing`);
  }
  return sha256(text) === wanted ? ok(text) : err(`${path} was changed`);
};

/** An object as it lies in its file, every secret of it sealed. */
export const readSealed = async (folder: string, entry: BundleEntry): Promise<Result<KubeObject, string>> => {
  const text = await readText(folder, entry);
  if (!text.ok) return text;
  const object = parseObject(text.value);
  if (object === undefined) return err(`${entry.path} holds no object`);
  return plainPlaces(object).length === 0
    ? ok(object)
    : err(`${entry.path} holds a value that is not sealed`);
};

/** How a file is checked: by its bytes, which the index vouches for, or by what stands in it as well. */
type Check = (folder: string, entry: BundleEntry) => Promise<Result<unknown, string>>;

/** What differs between the index and the files; empty = nothing. */
const damagesOf = async (folder: string, index: BundleIndex, check: Check): Promise<readonly string[]> => {
  const known = new Set(index.entries.map(({ path }) => path));
  const present = [...(await filesBelow(folder, 'namespaces')), ...(await filesBelow(folder, 'cluster'))];
  const added = present.filter((path) => !known.has(path)).map((path) => `${path} was added`);
  const checks = await mapAtOnce(index.entries, AT_ONCE, async (entry) => {
    const checked = await check(folder, entry);
    return checked.ok ? [] : [checked.error];
  });
  return [...added, ...checks.flat()];
};

const checkedIndex = async (folder: string, check: Check): Promise<Result<BundleIndex, DroverError>> => {
  const index = await readIndex(folder);
  if (!index.ok) return index;
  const damages = await damagesOf(folder, index.value, check);
  return damages.length === 0 ? index : err(tampered(folder, sentence(damages, 8)));
};

/** Checks a whole bundle without its key: every file is there, none is new, none was changed, no secret is open. */
export const checkBundle = (folder: string): Promise<Result<BundleIndex, DroverError>> =>
  checkedIndex(folder, readSealed);

/** Opens the key of a bundle and proves that who wrote the index had it. */
export const openKey = async (
  index: BundleIndex,
  folder: string,
  wrap: KeyWrap,
): Promise<Result<Uint8Array, DroverError>> => {
  const key = await wrap.unwrap(index.key.wrapped);
  if (!key.ok)
    return err({
      code: 'bundle-key',
      message: `this identity cannot open ${folder}`,
      cause: key.error.message,
      state: 'nothing was done',
      hint: 'use the identity of a recipient of the bundle, or let one export again for you',
    });
  if (keyId(key.value) !== index.key.id || !isSigned(index, key.value))
    return err(tampered(folder, 'its index was not made by anybody who can read it'));
  return key;
};

/** Opens a bundle for restoring: all its files are checked first, what stands in them when it is read. */
export const openBundle = async (folder: string, wrap: KeyWrap): Promise<Result<Bundle, DroverError>> => {
  const index = await checkedIndex(folder, readText);
  if (!index.ok) return index;
  const key = await openKey(index.value, folder, wrap);
  if (!key.ok) return key;
  return ok({
    folder,
    index: index.value,
    key: key.value,
    object: async (entry) => {
      const sealed = await readSealed(folder, entry);
      if (!sealed.ok) return err(tampered(folder, sealed.error));
      const opened = openObject(sealed.value, key.value);
      return opened.ok ? opened : err(tampered(folder, `${opened.error} does not open`));
    },
  });
};

/** All objects of a bundle, opened; the first failure when there is one. */
export const readObjects = async (bundle: Bundle): Promise<Result<readonly KubeObject[], DroverError>> => {
  const read = await mapAtOnce(bundle.index.entries, AT_ONCE, bundle.object);
  const { values, errors } = partition(read);
  return errors[0] === undefined ? ok(values) : err(errors[0]);
};
