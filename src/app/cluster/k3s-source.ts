import { dirname, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { digestOf } from '../../lab/build/kept-digest.js';
import type { Cluster } from '../../spec/cluster.js';
import type { Arch, Artifact } from '../../steps/operator/artifact.js';
import { checkProgram, errorOf } from './operator/artifact-cache.js';

/** Where K3s publishes its releases: one folder per version, with a list of digests per processor. */
const RELEASES = 'https://github.com/k3s-io/k3s/releases/download';

/** The binary's own name differs by processor, amd64 has none. */
const programName = (arch: Arch): string => (arch === 'amd64' ? 'k3s' : `k3s-${arch}`);

const listDigest = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === name)?.[0];

/** A file of the user's that the spec names. */
export const unreadable = (path: string, reason: unknown): DroverError => ({
  code: 'artifact-unreadable',
  message: `${path} cannot be read`,
  cause: reason instanceof Error ? reason.message : String(reason),
  state: 'nothing was changed',
});

const fetchText = async (url: string, signal: AbortSignal): Promise<Result<string, DroverError>> => {
  const failed = (cause: string): Result<never, DroverError> =>
    err({
      code: 'k3s-release-unknown',
      message: `the digests of this release cannot be read from ${url}`,
      cause,
      state: 'nothing was changed',
      hint: 'is the version right? spec.distribution.source can name a file, an address or a mirror instead',
    });
  try {
    const answer = await fetch(url, { signal });
    return answer.ok ? ok(await answer.text()) : failed(`the server answered ${answer.status}`);
  } catch (reason) {
    return failed(reason instanceof Error ? reason.message : String(reason));
  }
};

const unknownRelease = (message: string): DroverError => ({
  code: 'k3s-release-unknown',
  message,
  state: 'nothing was changed',
});

type Distribution = Extract<Cluster['spec']['distribution'], { kind: 'k3s' }>;

const fromFile = async (
  file: string,
  {
    version,
    sha256,
    arch,
  }: { readonly version: string; readonly sha256: string | undefined; readonly arch: Arch },
): Promise<Result<Artifact, DroverError>> => {
  try {
    const source = { kind: 'file' as const, path: file };
    const artifact = { version, arch, sha256: (sha256 ?? (await digestOf(file))).toLowerCase(), source };
    const checked = await checkProgram(file, artifact);
    return checked.ok ? ok(artifact) : err(errorOf(checked.error));
  } catch (reason) {
    return err(unreadable(file, reason));
  }
};

const fromRelease = async (
  { source, version }: Distribution & { readonly source: { readonly kind: 'release' | 'mirror' } },
  arch: Arch,
  signal: AbortSignal,
): Promise<Result<Artifact, DroverError>> => {
  const base = `${source.kind === 'mirror' ? source.url.replace(/\/+$/, '') : RELEASES}/${encodeURIComponent(version)}`;
  const url = `${base}/${programName(arch)}`;
  const artifact = (sha256: string): Artifact => ({
    version,
    arch,
    sha256: sha256.toLowerCase(),
    source: { kind: 'url', url },
  });
  if (source.sha256 !== undefined) return ok(artifact(source.sha256));
  const listUrl = `${base}/sha256sum-${arch}.txt`;
  const list = await fetchText(listUrl, signal);
  if (!list.ok) return list;
  const sha256 = listDigest(list.value, programName(arch));
  return sha256 === undefined
    ? err(unknownRelease(`${listUrl} has no digest of ${programName(arch)}`))
    : ok(artifact(sha256));
};

/**
 * The K3s program that the spec asks for, with the digest that decides: the spec's own, or the one that the release's
 * list gives. A file is looked at; nothing is downloaded but the list.
 */
export const k3sArtifact = async (
  cluster: Cluster,
  arch: Arch,
  signal: AbortSignal,
): Promise<Result<Artifact, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('a source of K3s for another distribution');
  const { source, version } = distribution;
  if (source.kind === 'file')
    return fromFile(resolve(dirname(cluster.file), source.file), { version, sha256: source.sha256, arch });
  if (source.kind === 'url')
    return ok({
      version,
      arch,
      sha256: source.sha256.toLowerCase(),
      source: { kind: 'url', url: source.url },
    });
  return fromRelease({ ...distribution, source }, arch, signal);
};
