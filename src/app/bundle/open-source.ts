import { join } from 'node:path';
import { type BundleIndex, INDEX_FILE } from '../../bundle/model/bundle-index.js';
import { type Bundle, openBundle } from '../../bundle/store/read.js';
import { readIndex } from '../../bundle/store/read-index.js';
import { digest } from '../../core/canonical.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Migration } from '../../spec/migration.js';
import { runExport } from './export.js';
import type { BundleTools } from './tools.js';

/** What makes two exports the same: the objects, not the moment. */
const contentOf = ({ exportedAt, resourceVersion, digest: _, mac, ...content }: BundleIndex): string =>
  digest(content);

/**
 * Exports the source into a folder of Drover’s own. When it has the same objects as before, the earlier index stays, so
 * that a plan that was made from it still fits.
 */
const exportLive = async (
  { spec }: Migration,
  folder: string,
  tools: BundleTools,
): Promise<Result<void, DroverErrors>> => {
  const path = join(folder, INDEX_FILE);
  const before = await readIndex(folder);
  const text = before.ok ? await tools.files.read(path) : undefined;
  const { source, target, select, secrets } = spec;
  if (source === undefined) throw new Error('a live source was asked for, and the spec has none');
  const exported = await runExport(
    { source, target, folder, ...select, recipients: secrets.recipients },
    tools,
  );
  if (!exported.ok) return exported;
  const isSame = before.ok && contentOf(before.value) === contentOf(exported.value.index);
  if (!isSame || text?.ok !== true) return ok(undefined);
  const kept = await tools.files.write(path, text.value, { mode: 0o600 });
  return kept.ok
    ? ok(undefined)
    : err([{ code: 'bundle-write', message: `cannot write ${path}`, cause: kept.error.detail }]);
};

/** Where a source that is read live is kept between plan and run. */
export const liveFolderOf = (stateDir: string, migration: string): string =>
  join(stateDir, 'live', migration);

/** Opens what a plan was made from, without reading the source again. */
export const openPlanned = async (
  { spec: { bundle: folder, source, secrets } }: Migration,
  liveFolder: string,
  tools: Pick<BundleTools, 'keyWrap'>,
): Promise<Result<Bundle, DroverError>> => {
  const wrap = tools.keyWrap(secrets.recipients);
  const bundle = await openBundle(folder, wrap);
  const isLive = !bundle.ok && bundle.error.code === 'bundle-missing' && source !== undefined;
  return isLive ? openBundle(liveFolder, wrap) : bundle;
};

/**
 * Opens what a migration carries: the bundle of the spec; when there is none and the spec names a source, that cluster
 * as it is now, exported into `liveFolder` with its secrets sealed as always.
 */
export const openSource = async (
  migration: Migration,
  liveFolder: string,
  tools: BundleTools,
): Promise<Result<Bundle, DroverErrors>> => {
  const { bundle: folder, source, secrets } = migration.spec;
  const wrap = tools.keyWrap(secrets.recipients);
  const bundle = await openBundle(folder, wrap);
  if (bundle.ok) return bundle;
  if (bundle.error.code !== 'bundle-missing' || source === undefined) return err([bundle.error]);
  const text = `There is no bundle in ${folder}: the source is read as it is now`;
  tools.emit({ type: 'note', level: 'info', text });
  const exported = await exportLive(migration, liveFolder, tools);
  if (!exported.ok) return exported;
  const live = await openBundle(liveFolder, wrap);
  return live.ok ? live : err([live.error]);
};
