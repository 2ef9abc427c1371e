import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { type BundleIndex, bundleIndexSchema, INDEX_FILE } from '../model/bundle-index.js';
import { idText } from '../model/object-id.js';
import { objectPath } from '../model/object-path.js';
import { indexDigest } from '../seal/index-mac.js';
import { settle } from './pending.js';

const unreadable = (folder: string, cause: string): DroverError => ({
  code: 'bundle-unreadable',
  message: `the index of ${folder} cannot be read`,
  cause,
  state: 'nothing was done',
  hint: 'put it back from version control, or export again',
});

const tampered = (folder: string, cause: string): DroverError => ({
  code: 'bundle-tampered',
  message: `${folder} is not as it was exported`,
  cause,
  state: 'nothing was done',
  hint: 'put the files back from version control, or export again',
});

/** Every entry lies where its name says, once: no file can stand for another object. */
const misplaced = ({ entries }: BundleIndex): string | undefined => {
  const seen = new Set<string>();
  for (const { path, apiVersion, kind, namespace, name } of entries) {
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const id = { group, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    if (path !== objectPath(id) || seen.has(path)) return idText(id);
    seen.add(path);
  }
  return undefined;
};

/** Reads the index and checks that it is whole. Who made it is checked with the key. */
export const readIndex = async (folder: string): Promise<Result<BundleIndex, DroverError>> => {
  let text: string;
  try {
    await settle(folder);
  } catch (reason) {
    return err({
      ...unreadable(folder, reason instanceof Error ? reason.message : String(reason)),
      message: `a change of ${folder} that was cut off cannot be completed`,
      hint: 'make the folder writable and the disk roomy, then try again',
    });
  }
  try {
    text = await readFile(join(folder, INDEX_FILE), 'utf8');
  } catch (reason) {
    return err({
      code: 'bundle-missing',
      message: `there is no bundle in ${folder}`,
      cause: reason instanceof Error ? reason.message : String(reason),
      state: 'nothing was done',
      hint: `drover export -o ${folder}`,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (reason) {
    return err(unreadable(folder, reason instanceof Error ? reason.message : String(reason)));
  }
  const parsed = bundleIndexSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err(unreadable(folder, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`));
  }
  const { digest, mac, ...content } = parsed.data;
  if (indexDigest(content) !== digest)
    return err(tampered(folder, 'bundle.json does not fit its own digest'));
  const wrong = misplaced(parsed.data);
  return wrong === undefined ? ok(parsed.data) : err(tampered(folder, `${wrong} lies in the wrong place`));
};

export { tampered };
