import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import type { Realm } from '../../core/realm.js';
import { err, ok, type Result } from '../../core/result.js';
import { SAMPLE } from '../../facts/collectors/files.js';
import { buildLab } from '../../lab/build/build.js';
import { realK3s } from '../../lab/build/k3s-binary.js';
import { engineLine } from '../../lab/build/versions.js';
import type { LabContext } from '../../lab/context.js';
import type { K3sGoalsInput } from '../../plan/k3s-goals.js';
import type { Cluster } from '../../spec/cluster.js';
import type { ImageArchive } from '../../steps/k3s/images.js';
import { describeBinary } from './binary.js';
import { k3sSource } from './k3s-source.js';

export type Artifacts = Pick<K3sGoalsInput, 'binary' | 'archives'>;

const archiveOf = async (path: string): Promise<ImageArchive> => {
  const { sha256, sampled } = await describeBinary(path, '');
  const { size } = await stat(path);
  return { name: basename(path), local: path, sha256, observed: size > SAMPLE ? sampled : sha256 };
};

const askVersion = async (path: string): Promise<string> => {
  const { stdout } = await execa(path, ['--version']);
  return /^k3s version (\S+)/m.exec(stdout)?.[1] ?? '';
};

/**
 * The lab has no K3s of its own: its engine, which has K3s' interface, stands in for whatever version is asked: compiled
 * as that version where it can be.
 */
const labArtifacts = async (
  cluster: Cluster,
  context: LabContext,
): Promise<Result<Artifacts, DroverError>> => {
  const { distribution } = cluster.spec;
  const wanted = distribution.kind === 'k3s' ? engineLine(distribution.version) : undefined;
  const built = await buildLab(wanted?.ok ? { version: wanted.value.line } : {}, context);
  if (!built.ok) return built;
  const { k3s, images } = built.value;
  if (k3s === undefined) throw new Error('a cluster build has a K3s');
  const version = await askVersion(k3s.path);
  if (distribution.kind === 'k3s' && distribution.version !== version) {
    const text = `in this lab ${version} stands in for K3s ${distribution.version}`;
    context.emit({ type: 'note', level: 'info', text });
  }
  const archives = await Promise.all(images.map(({ path }) => archiveOf(path)));
  return ok({ binary: await describeBinary(k3s.path, version), archives });
};

const notK3s = (kind: string): DroverError => ({
  code: 'plan-distribution',
  message: `this version makes no plans for ${kind}`,
  state: 'nothing was changed',
});

const versionDiffers = (path: string, found: string, wanted: string): DroverError => ({
  code: 'k3s-version-differs',
  message: `${path} is K3s ${found}, the spec asks for ${wanted}`,
  state: 'nothing was changed',
});

/** From the release, a mirror, an address or a file; kept in the cache, its digest checked. */
const realArtifacts = async (
  cluster: Cluster,
  context: LabContext,
): Promise<Result<Artifacts, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') return err(notK3s(distribution.kind));
  const source = await k3sSource(cluster, process.arch === 'arm64' ? 'arm64' : 'amd64', context.signal);
  if (!source.ok) return source;
  const fetched = await realK3s(source.value, context);
  if (!fetched.ok) return fetched;
  const { path, version } = fetched.value;
  if (version !== distribution.version) return err(versionDiffers(path, version, distribution.version));
  const images =
    distribution.airgap === undefined
      ? []
      : [await archiveOf(resolve(dirname(cluster.file), distribution.airgap.images))];
  return ok({ binary: await describeBinary(path, version), archives: images });
};

/** What is put on hosts: the K3s binary and image archives, on the operator's machine with their digests. */
export const fetchArtifacts = async (
  cluster: Cluster,
  realm: Realm,
  context: LabContext,
): Promise<Result<Artifacts, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') return err(notK3s(distribution.kind));
  if (realm.kind === 'lab') return labArtifacts(cluster, context);
  return realArtifacts(cluster, context);
};
