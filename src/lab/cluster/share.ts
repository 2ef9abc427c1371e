import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LabBuild, LabK3s } from '../build/build.js';
import type { LabPaths } from '../paths.js';

/** A build that a cluster can be made of. */
export type ClusterBuild = LabBuild & { readonly k3s: LabK3s };

/** Where hosts see the lab's program and images, read-only; what is installed on them are links to it. */
export const SHARE_IN_HOST = '/opt/drover-lab';

export const shareFolder = (paths: LabPaths): string => join(paths.home, 'share');

/** The same file under a second name, so that it costs nothing and outlives the cache; a copy on another disk. */
const place = (from: string, to: string): Promise<void> => link(from, to).catch(() => copyFile(from, to));

/** What hosts import: the archive that came with a real K3s, the lab's own images, and those that users give. */
const archivesOf = ({ k3s, images, given = [] }: ClusterBuild): readonly string[] => [
  ...(k3s.kind === 'real' && k3s.images !== undefined ? [k3s.images] : []),
  ...images.map(({ path }) => path),
  ...given,
];

/** Every pod needs the image `pause`; a real K3s brings its own in the archive. */
export const podsCanRun = ({ k3s, images }: ClusterBuild): boolean =>
  (k3s.kind === 'real' && k3s.images !== undefined) || images.some(({ name }) => name === 'pause');

/** Puts the program and the images of a build where all hosts of the lab can share them; names of the images. */
export const makeShare = async (paths: LabPaths, build: ClusterBuild): Promise<readonly string[]> => {
  const folder = shareFolder(paths);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'images'), { recursive: true, mode: 0o755 });
  await place(build.k3s.path, join(folder, 'k3s'));
  const archives = archivesOf(build);
  for (const path of archives) await place(path, join(folder, 'images', basename(path)));
  return archives.map((path) => basename(path));
};
