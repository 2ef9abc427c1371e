import type { DroverError } from '../../core/error.js';
import type { Clock } from '../../core/ports/clock.js';
import type { KeyWrap } from '../../core/ports/key-wrap.js';
import type { Kube, KubeResource } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import { bundleDocument } from '../document/markdown.js';
import { referencePicture } from '../document/picture.js';
import type { ClusterIdentity } from '../identity.js';
import { type BundleIndex, REPORT_FILES } from '../model/bundle-index.js';
import type { BundleFinding } from '../model/report.js';
import { keyId, signIndex } from '../seal/index-mac.js';
import { KEY_BYTES } from '../seal/value.js';
import { earlierBundle } from '../store/earlier.js';
import { type BundleWriter, openWriter } from '../store/write.js';
import { type ChosenKinds, exportKinds } from './export-kinds.js';
import { type Harvest, harvest } from './harvest.js';
import { snapshot } from './snapshot.js';

export interface ExportInput {
  readonly kube: Kube;
  readonly source: ClusterIdentity;
  /** The cluster that the objects will go to, when it is known. */
  readonly target: { readonly kinds: readonly KubeResource[]; readonly isK3s: boolean } | undefined;
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly nodePorts: 'own' | 'all';
  readonly wrap: KeyWrap;
  readonly random: Random;
  readonly clock: Clock;
  readonly tool: string;
  readonly signal: AbortSignal;
  /** Kinds read so far, of how many, and objects so far. */
  readonly progress: (kinds: number, of: number, objects: number) => void;
}

export interface Exported {
  readonly index: BundleIndex;
  readonly leftOut: number;
  readonly removed: number;
  readonly findings: readonly BundleFinding[];
  /** The earlier bundle's key was used again, so that unchanged values look the same. */
  readonly keptKey: boolean;
}

const LISTS_AT_ONCE = 8;

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

interface Key {
  readonly key: Uint8Array;
  readonly wrapped: string;
  readonly places: ReadonlyMap<string, string>;
  readonly kept: boolean;
}

const keyFor = async ({ folder, wrap, random }: ExportInput): Promise<Key> => {
  const earlier = await earlierBundle(folder, wrap);
  if (earlier?.wrapped !== undefined)
    return { key: earlier.key, wrapped: earlier.wrapped, places: earlier.places, kept: true };
  const key = random.bytes(KEY_BYTES);
  return { key, wrapped: await wrap.wrap(key), places: new Map(), kept: false };
};

const writeRest = async (
  input: ExportInput,
  writer: BundleWriter,
  crop: Harvest,
  { resourceVersion, key, wrapped, kept }: Key & { readonly resourceVersion: string },
): Promise<Exported> => {
  const { summaries, reports, leftOut, findings } = crop.result();
  const { source } = input;
  await writer.put(REPORT_FILES.objects, lines(reports));
  await writer.put(REPORT_FILES.leftOut, lines(leftOut));
  await writer.put(REPORT_FILES.findings, `${JSON.stringify(findings, null, 2)}\n`);
  await writer.put(REPORT_FILES.document, bundleDocument({ source, summaries, reports, leftOut, findings }));
  await writer.put(REPORT_FILES.picture, referencePicture(summaries));
  const content: Omit<BundleIndex, 'digest' | 'mac'> = {
    apiVersion: 'drover/v1',
    kind: 'Bundle',
    formatVersion: 1,
    tool: input.tool,
    exportedAt: new Date(input.clock.now()).toISOString(),
    source: { ...source },
    resourceVersion,
    kinds: crop.kinds(),
    key: { id: keyId(key), recipients: [...input.wrap.recipients], wrapped },
    entries: crop.entries(),
  };
  const index = signIndex(content, key);
  await writer.commit(index);
  return {
    index,
    leftOut: leftOut.length,
    removed: reports.reduce((sum, { removed }) => sum + removed.length, 0),
    findings,
    keptKey: kept,
  };
};

const read = async (
  input: ExportInput,
  writer: BundleWriter,
  chosen: ChosenKinds,
  key: Key,
): Promise<Result<Exported, DroverError>> => {
  const begin = (): Harvest =>
    harvest({
      ...input,
      looked: chosen.kinds,
      key: key.key,
      places: key.places,
      findings: chosen.findings,
      put: writer.put,
    });
  let crop = begin();
  let done = 0;
  const version = await snapshot({
    kube: input.kube,
    role: 'source',
    kinds: chosen.kinds,
    namespaces: input.namespaces,
    concurrency: LISTS_AT_ONCE,
    signal: input.signal,
    take: (object, resource) => crop.take(object, resource),
    restart: () => {
      crop = begin();
      done = 0;
    },
    progress: () => {
      done += 1;
      input.progress(done, chosen.kinds.length, crop.count());
    },
  });
  if (!version.ok) return version;
  await crop.finish();
  return ok(await writeRest(input, writer, crop, { ...key, resourceVersion: version.value }));
};

const writeError = (folder: string, reason: unknown): DroverError => ({
  code: 'bundle-write',
  message: `the bundle cannot be written to ${folder}`,
  cause: reason instanceof Error ? reason.message : String(reason),
  state: 'no new bundle was made',
  hint: 'make room or choose another folder with -o, then export again',
});

/** Exports a cluster into a bundle. Either a whole bundle stands in the folder afterwards, or what was there before. */
export const exportBundle = async (input: ExportInput): Promise<Result<Exported, readonly DroverError[]>> => {
  const chosen = await exportKinds(input);
  if (!chosen.ok) return chosen;
  const id = Buffer.from(input.random.bytes(4)).toString('hex');
  const writer = await openWriter(input.folder, id);
  if (!writer.ok) return err([writer.error]);
  try {
    const done = await read(input, writer.value, chosen.value, await keyFor(input));
    if (done.ok) return done;
    await writer.value.abort();
    return err([done.error]);
  } catch (reason) {
    await writer.value.abort().catch(() => undefined);
    if (reason instanceof Error && 'syscall' in reason) return err([writeError(input.folder, reason)]);
    throw reason;
  }
};
