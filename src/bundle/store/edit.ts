import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../core/canonical.js';
import type { DroverError } from '../../core/error.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import { isMap } from '../clean/draft.js';
import { type BundleEntry, INDEX_FILE } from '../model/bundle-index.js';
import { signIndex } from '../seal/index-mac.js';
import { sealedPlaces, sealObject } from '../seal/object.js';
import { type Bundle, readSealed } from './read.js';
import { tampered } from './read-index.js';
import { objectYaml } from './yaml-text.js';

export interface ValueEdit {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** Absent = the key is taken out. */
  readonly value: Uint8Array | undefined;
}

const replaceFile = async (path: string, text: string, random: Random): Promise<void> => {
  const own = `${path}.${Buffer.from(random.bytes(6)).toString('hex')}`;
  const file = await open(own, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(own, path);
};

const entryOf = ({ index }: Bundle, { namespace, name }: ValueEdit): BundleEntry | undefined =>
  index.entries.find(
    (entry) =>
      entry.kind === 'Secret' &&
      entry.apiVersion === 'v1' &&
      entry.namespace === namespace &&
      entry.name === name,
  );

/**
 * Changes one value of one Secret. It is sealed before anything is written; the other values keep their ciphertexts.
 * The index comes last: an edit that did not end is told as a changed file.
 */
export const editValue = async (
  bundle: Bundle,
  edit: ValueEdit,
  random: Random,
): Promise<Result<void, DroverError>> => {
  const entry = entryOf(bundle, edit);
  if (entry === undefined)
    return err({
      code: 'secret-missing',
      message: `${bundle.folder} has no Secret ${edit.namespace}/${edit.name}`,
      state: 'nothing was changed',
    });
  const [before, object] = [await readSealed(bundle.folder, entry), await bundle.object(entry)];
  if (!object.ok) return object;
  if (!before.ok) return err(tampered(bundle.folder, before.error));
  const { [edit.key]: _, ...others } = isMap(object.value['data']) ? object.value['data'] : {};
  const data =
    edit.value === undefined ? others : { ...others, [edit.key]: Buffer.from(edit.value).toString('base64') };
  const sealing = { key: bundle.key, random, before: sealedPlaces(before.value) };
  const sealed = sealObject({ ...object.value, data }, sealing);
  const text = objectYaml(sealed.object);
  const { digest, mac, ...content } = bundle.index;
  const entries = content.entries.map((each) =>
    each === entry ? { ...each, sha256: sha256(text), sealed: sealed.values } : each,
  );
  const index = signIndex({ ...content, entries }, bundle.key);
  await replaceFile(join(bundle.folder, entry.path), text, random);
  await replaceFile(join(bundle.folder, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`, random);
  return ok(undefined);
};
