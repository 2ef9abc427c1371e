import { join } from 'node:path';
import { sha256 } from '../../core/canonical.js';
import type { DroverError } from '../../core/error.js';
import type { Files } from '../../core/ports/files.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import { isMap } from '../clean/draft.js';
import { objectLine } from '../document/markdown.js';
import { summaryOf } from '../document/summary.js';
import { type BundleEntry, INDEX_FILE, REPORT_FILES } from '../model/bundle-index.js';
import { signIndex } from '../seal/index-mac.js';
import { sealedPlaces, sealObject } from '../seal/object.js';
import { type NotReplaced, replaceTogether } from './pending.js';
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

export interface EditTools {
  readonly files: Files;
  readonly random: Random;
}

const entryOf = ({ index }: Bundle, { namespace, name }: ValueEdit): BundleEntry | undefined =>
  index.entries.find(
    (entry) =>
      entry.kind === 'Secret' &&
      entry.apiVersion === 'v1' &&
      entry.namespace === namespace &&
      entry.name === name,
  );

const changed = (object: KubeObject, { key, value }: ValueEdit): KubeObject => {
  const { [key]: _, ...others } = isMap(object['data']) ? object['data'] : {};
  const data = value === undefined ? others : { ...others, [key]: Buffer.from(value).toString('base64') };
  return { ...object, data };
};

/** The bundle's page with the line of one object replaced; undefined when it has none. */
const pageAfter = async (
  { folder }: Bundle,
  lines: { readonly before: string; readonly after: string },
  files: Files,
): Promise<string | undefined> => {
  const page = await files.read(join(folder, REPORT_FILES.document));
  if (!page.ok || !page.value.includes(lines.before)) return undefined;
  return page.value.replace(lines.before, () => lines.after);
};

const cannotWrite = ({ folder }: Bundle, { detail, decided }: NotReplaced): DroverError => ({
  code: 'bundle-write',
  message: `${folder} cannot be written`,
  cause: detail,
  state: decided ? 'the next command that opens the bundle completes the change' : 'nothing was changed',
});

/**
 * Changes one value of one Secret. It is sealed before anything is written; the other values keep their ciphertexts.
 * The object, the index and the bundle's page change together.
 */
export const editValue = async (
  bundle: Bundle,
  edit: ValueEdit,
  { files, random }: EditTools,
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
  const sealing = { key: bundle.key, random, before: sealedPlaces(before.value) };
  const sealed = sealObject(changed(object.value, edit), sealing);
  const text = objectYaml(sealed.object);
  const { digest, mac, ...content } = bundle.index;
  const entries = content.entries.map((each) =>
    each === entry ? { ...each, sha256: sha256(text), sealed: sealed.values } : each,
  );
  const index = signIndex({ ...content, entries }, bundle.key);
  const lineOf = (each: KubeObject): string => objectLine(summaryOf(each, entry.path));
  const page = await pageAfter(bundle, { before: lineOf(before.value), after: lineOf(sealed.object) }, files);
  const id = Buffer.from(random.bytes(4)).toString('hex');
  const replacements = [
    { path: entry.path, text },
    { path: INDEX_FILE, text: `${JSON.stringify(index, null, 2)}\n` },
    ...(page === undefined ? [] : [{ path: REPORT_FILES.document, text: page }]),
  ];
  const replaced = await replaceTogether(bundle.folder, replacements, { files, id });
  return replaced.ok ? ok(undefined) : err(cannotWrite(bundle, replaced.error));
};
