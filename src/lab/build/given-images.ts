import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { buildError } from './errors.js';

/** Names a folder with archives of images that the lab cannot make itself, such as those of Calico and Cilium. */
export const IMAGES_VARIABLE = 'DROVER_LAB_IMAGES';

/** What K3s imports from its folder of images. */
const ARCHIVE = /\.(tar|tar\.gz|tgz|tar\.zst)$/;

/** Paths of the archives in `$DROVER_LAB_IMAGES`; none when it is not set. */
export const givenImages = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<readonly string[], DroverError>> => {
  const named = env[IMAGES_VARIABLE];
  if (named === undefined || named === '') return ok([]);
  const folder = resolve(named);
  const refused = (cause: string): Result<never, DroverError> =>
    err(
      buildError('lab-images-folder', `${IMAGES_VARIABLE}=${named} gives no images`, {
        cause,
        hint: `unset ${IMAGES_VARIABLE}, or put archives there: .tar, .tar.gz or .tar.zst, as \`docker save\` or \`skopeo copy … oci-archive:FILE\` write them`,
      }),
    );
  try {
    const names = (await readdir(folder)).filter((name) => ARCHIVE.test(name)).sort();
    return names.length === 0 ? refused('no archive is there') : ok(names.map((name) => join(folder, name)));
  } catch (reason) {
    return refused(reason instanceof Error ? reason.message : String(reason));
  }
};
