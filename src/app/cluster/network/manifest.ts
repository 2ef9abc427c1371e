import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { DroverError } from '../../../core/error.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import { sentence } from '../../../core/text.js';
import { lookup, make } from '../../../lab/build/cache.js';
import { digestOf } from '../../../lab/build/kept-digest.js';
import { type DownloadFailure, download } from '../../../lab/download.js';
import { invokingUser } from '../../../lab/invoker.js';
import { rootfsHome } from '../../../lab/paths.js';
import type { Cluster } from '../../../spec/cluster.js';
import { MANIFESTS } from '../../../spec/networks/manifests.js';
import { missingIn } from '../../../steps/cni/networks/needed.js';
import type { Upstream } from '../../../steps/cni/recipe.js';
import type { CacheTools } from '../operator/artifact-cache.js';

/** Name under which each file is kept, in a folder of its digest. */
const FILE = 'manifest.yaml';

type Fetched = { readonly url: string; readonly sha256: string };
type Manifest = Extract<Upstream, { readonly kind: 'manifest' }>;

const failed = (code: string, message: string, more: Partial<DroverError> = {}): DroverError => ({
  code,
  message,
  state: 'nothing was changed',
  ...more,
});

const otherDigest = (from: string, wanted: string, found: string): DroverError =>
  failed('network-manifest-checksum', `${from} has another SHA-256 than it must have`, {
    cause: `must be ${wanted}\nis      ${found}`,
  });

const notFetched = (url: string, { kind, detail }: DownloadFailure): DroverError =>
  failed('network-manifest-unreachable', `${url} could not be fetched`, {
    cause: detail,
    hint:
      kind === 'refused'
        ? 'is the version right? network.cni.source can name a mirror, an address or a file instead'
        : 'without internet network.cni.source can name a mirror or a file',
  });

/** Fetched once, and kept under its digest. What is not whole and right leaves nothing. */
const fetched = async ({ url, sha256 }: Fetched, tools: CacheTools): Promise<Result<string, DroverError>> => {
  const home = join(dirname(rootfsHome(tools.env)), 'manifests');
  const slot = { home, key: sha256, owner: invokingUser(tools.env) };
  const kept = await lookup(slot, new Date(tools.clock.now()));
  if (kept !== undefined) return ok(join(kept, FILE));
  const made = await make(slot, async (folder) => {
    const got = await download(url, join(folder, FILE), tools);
    if (!got.ok) return err(notFetched(url, got.error));
    return got.value === sha256 ? ok(undefined) : err(otherDigest(url, sha256, got.value));
  });
  return made.ok ? ok(join(made.value, FILE)) : made;
};

const unreadable = (path: string, reason: unknown): DroverError =>
  failed('network-manifest-unreadable', `${path} cannot be read`, {
    cause: reason instanceof Error ? reason.message : String(reason),
  });

/** SHA-256 of a file that the spec names. */
export const fileDigest = async (path: string): Promise<Result<string, DroverError>> => {
  try {
    return ok(await digestOf(path));
  } catch (reason) {
    return err(unreadable(path, reason));
  }
};

const fromFile = async (path: string, wanted: string | undefined): Promise<Result<string, DroverError>> => {
  const found = await fileDigest(path);
  if (!found.ok) return found;
  return wanted === undefined || found.value === wanted
    ? ok(path)
    : err(otherDigest(path, wanted, found.value));
};

const listed = (all: readonly Result<string, DroverError>[]): Result<readonly string[], DroverError> => {
  const failure = all.find((each) => !each.ok);
  return failure?.ok === false ? failure : ok(all.flatMap((each) => (each.ok ? [each.value] : [])));
};

/** Where the files of a version lie on this machine. */
const locate = async (
  cluster: Cluster,
  { name, version }: Manifest,
  tools: CacheTools,
): Promise<Result<readonly string[], DroverError>> => {
  const source = cluster.spec.network.cni.source ?? { kind: 'release' };
  const told = source.sha256?.toLowerCase();
  const { base, files } = MANIFESTS[name];
  if (source.kind === 'file') return listed([await fromFile(source.file, told)]);
  if (source.kind === 'url')
    return listed([await fetched({ url: source.url, sha256: source.sha256.toLowerCase() }, tools)]);
  const folder = `${source.kind === 'mirror' ? source.url.replace(/\/+$/, '') : base}/${encodeURIComponent(version)}`;
  const wanted = files(version).map(({ path, sha256 = told }) => {
    if (sha256 === undefined)
      throw new Error(`no digest of ${path} ${version}: the spec's rules let it pass`);
    return { url: `${folder}/${path}`, sha256: told ?? sha256 };
  });
  return listed(await Promise.all(wanted.map((each) => fetched(each, tools))));
};

const isObject = (value: unknown): value is KubeObject =>
  typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;

/** The objects of a manifest; undefined = it is no YAML with objects. */
const objectsIn = (text: string): readonly KubeObject[] | undefined => {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const all = documents.map((document) => document.toJS() as unknown).filter((value) => value !== null);
  return all.every(isObject) ? all : undefined;
};

/** The objects that a network’s project publishes, byte for byte those that their digests name. `version` as its tags: v3.31.7. */
export const manifestObjects = async (
  cluster: Cluster,
  wanted: Manifest,
  tools: CacheTools,
): Promise<Result<readonly KubeObject[], DroverError>> => {
  const paths = await locate(cluster, wanted, tools);
  if (!paths.ok) return paths;
  const texts = await Promise.all(paths.value.map((path) => readFile(path, 'utf8')));
  const objects = objectsIn(texts.join('\n---\n'));
  const missing = missingIn(wanted.name, objects ?? []);
  if (objects !== undefined && missing.length === 0) return ok(objects);
  const { title, files } = MANIFESTS[wanted.name];
  const cause =
    objects === undefined ? 'it is no YAML with Kubernetes objects' : `it lacks ${sentence(missing)}`;
  return err(
    failed('network-manifest-other', `${sentence(paths.value)} is not ${title}`, {
      cause,
      hint: `it is ${files(wanted.version)
        .map(({ path }) => path)
        .join(' and ')} of a release; spec.network.cni.by says what installs the network`,
    }),
  );
};
