import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LabBuild } from '../build/build.js';
import type { LabPaths } from '../paths.js';

/** Where hosts see the lab's program and images, read-only; what is installed on them are links to it. */
export const SHARE_IN_HOST = '/opt/drover-lab';

export const shareFolder = (paths: LabPaths): string => join(paths.home, 'share');

/** The same file under a second name, so that it costs nothing and outlives the cache; a copy on another disk. */
const place = (from: string, to: string): Promise<void> => link(from, to).catch(() => copyFile(from, to));

/** Puts the program and the images of a build where all hosts of the lab can share them; names of the images. */
export const makeShare = async (
  paths: LabPaths,
  build: LabBuild & { readonly k3s: { readonly path: string } },
): Promise<readonly string[]> => {
  const folder = shareFolder(paths);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'images'), { recursive: true, mode: 0o755 });
  await place(build.k3s.path, join(folder, 'k3s'));
  for (const image of build.images) await place(image.path, join(folder, 'images', basename(image.path)));
  return build.images.map(({ path }) => basename(path));
};
