import { dirname, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { K3sSource } from '../../lab/build/k3s-binary.js';
import type { Cluster } from '../../spec/cluster.js';

/** Where K3s publishes its releases: one folder per version, with a list of digests per processor. */
const RELEASES = 'https://github.com/k3s-io/k3s/releases/download';

type Arch = 'amd64' | 'arm64';

/** The binary's own name differs by processor, amd64 has none. */
const programName = (arch: Arch): string => (arch === 'amd64' ? 'k3s' : `k3s-${arch}`);

const listDigest = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === name)?.[0];

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

/** What to fetch, with the digest that decides: the spec's own, or the one that the release's list gives. */
export const k3sSource = async (
  cluster: Cluster,
  arch: Arch,
  signal: AbortSignal,
): Promise<Result<K3sSource, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('a source of K3s for another distribution');
  const { source, version } = distribution;
  if (source.kind === 'file') return ok({ kind: 'file', path: resolve(dirname(cluster.file), source.file) });
  if (source.kind === 'url') return ok({ kind: 'url', url: source.url, sha256: source.sha256 });
  const base = `${source.kind === 'mirror' ? source.url.replace(/\/+$/, '') : RELEASES}/${encodeURIComponent(version)}`;
  const url = `${base}/${programName(arch)}`;
  if (source.sha256 !== undefined) return ok({ kind: 'url', url, sha256: source.sha256 });
  const listUrl = `${base}/sha256sum-${arch}.txt`;
  const list = await fetchText(listUrl, signal);
  if (!list.ok) return list;
  const sha256 = listDigest(list.value, programName(arch));
  if (sha256 !== undefined) return ok({ kind: 'url', url, sha256 });
  return err({
    code: 'k3s-release-unknown',
    message: `${listUrl} has no digest of ${programName(arch)}`,
    state: 'nothing was changed',
  });
};
