import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { SAMPLE } from '../../facts/collectors/files.js';
import { digestOf } from '../../lab/build/kept-digest.js';
import type { Cluster } from '../../spec/cluster.js';
import type { ImageArchive } from '../../steps/k3s/images.js';
import { sampledOf } from './binary.js';
import { unreadable } from './k3s-source.js';

/** An archive on this machine, as hosts will be asked about it. Throws when it cannot be read. */
export const archiveOf = async (path: string, digest = digestOf): Promise<ImageArchive> => {
  const [sha256, { size }] = await Promise.all([digest(path), stat(path)]);
  return {
    name: basename(path),
    local: path,
    sha256,
    observed: size > SAMPLE ? await sampledOf(path) : sha256,
  };
};

const otherDigest = (path: string, wanted: string, found: string): DroverError => ({
  code: 'artifact-checksum',
  message: `${path} has another digest than spec.distribution.airgap.sha256 says`,
  cause: `wanted ${wanted}, found ${found}`,
  state: 'nothing was changed',
  hint: 'fetch the archive again, or correct the digest',
});

/** The archive of images that the spec names, which must be what the spec says it is. */
export const airgapOf = async (cluster: Cluster): Promise<Result<readonly ImageArchive[], DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.airgap === undefined) return ok([]);
  const { images, sha256 } = distribution.airgap;
  const path = resolve(dirname(cluster.file), images);
  try {
    const archive = await archiveOf(path);
    const wanted = sha256?.toLowerCase() ?? archive.sha256;
    return wanted === archive.sha256 ? ok([archive]) : err(otherDigest(path, wanted, archive.sha256));
  } catch (reason) {
    return err(unreadable(path, reason));
  }
};
