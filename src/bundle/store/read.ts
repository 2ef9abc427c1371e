import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import { sha256 } from '../../core/canonical.js';
import type { DroverError } from '../../core/error.js';
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

/** An object as it lies in its file, once the file is what the index says. */
export const readSealed = async (folder: string, entry: BundleEntry): Promise<Result<KubeObject, string>> => {
  let text: string;
  try {
    text = await readFile(join(folder, entry.path), 'utf8');
  } catch {
    return err(`${entry.path} is missing`);
  }
  if (sha256(text) !== entry.sha256) return err(`${entry.path} was changed`);
  const object = parseObject(text);
  return object === undefined ? err(`${entry.path} holds no object`) : ok(object);
};

/** What differs between the index and the files; empty = nothing. */
const damagesOf = async (folder: string, index: BundleIndex): Promise<readonly string[]> => {
  const known = new Set(index.entries.map(({ path }) => path));
  const present = [...(await filesBelow(folder, 'namespaces')), ...(await filesBelow(folder, 'cluster'))];
  const added = present.filter((path) => !known.has(path)).map((path) => `${path} was added`);
  const limit = pLimit(AT_ONCE);
  const checks = await Promise.all(
    index.entries.map((entry) =>
      limit(async (): Promise<string | undefined> => {
        const read = await readSealed(folder, entry);
        if (!read.ok) return read.error;
        return plainPlaces(read.value).length === 0
          ? undefined
          : `${entry.path} holds a value that is not sealed`;
      }),
    ),
  );
  return [...added, ...checks.filter((damage) => damage !== undefined)];
};

/** Checks a whole bundle without its key: every file is there, none is new, none was changed. */
export const checkBundle = async (folder: string): Promise<Result<BundleIndex, DroverError>> => {
  const index = await readIndex(folder);
  if (!index.ok) return index;
  const damages = await damagesOf(folder, index.value);
  return damages.length === 0 ? index : err(tampered(folder, sentence(damages, 8)));
};

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

/** Opens a bundle for restoring: everything in it is checked first. */
export const openBundle = async (folder: string, wrap: KeyWrap): Promise<Result<Bundle, DroverError>> => {
  const index = await checkBundle(folder);
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
  const limit = pLimit(AT_ONCE);
  const read = await Promise.all(bundle.index.entries.map((entry) => limit(() => bundle.object(entry))));
  const { values, errors } = partition(read);
  return errors[0] === undefined ? ok(values) : err(errors[0]);
};
