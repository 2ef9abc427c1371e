import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { check, exec } from '../exec.js';
import type { HostPaths } from '../paths.js';
import type { AccountFiles, HostFile } from './files.js';

/**
 * Directories that lie on the machine's own file system rather than in the overlay: container runtimes mount
 * overlays of their own there, which cannot be stacked, and etcd wants a disk that syncs.
 */
export const DATA_DIRECTORIES = [
  '/var/lib/rancher',
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/var/lib/etcd',
] as const;

export const dataFolder = (paths: HostPaths, directory: string): string =>
  join(paths.disk, directory.slice(1).replaceAll('/', '-'));

/** Directories of the overlay that must not get the usual 0755. */
const PRIVATE = /^(root|root\/\.ssh|home\/[^/]+\/\.ssh)$/;
const MODES = (path: string): number => (PRIVATE.test(path) ? 0o700 : 0o755);

const makeParents = async (upper: string, file: HostFile): Promise<void> => {
  const parts = dirname(file.path).split('/');
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join('/');
    const target = join(upper, path);
    await mkdir(target, { recursive: true });
    await chmod(target, MODES(path));
    if (file.owner !== undefined && index > 0) await chown(target, file.owner, file.owner);
  }
};

/** Writes a host's own files into its overlay, before it is mounted for the first time. */
export const writeDisk = async (paths: HostPaths, files: readonly HostFile[]): Promise<void> => {
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  await mkdir(paths.upper, { recursive: true });
  await chmod(paths.upper, 0o755);
  await mkdir(paths.work, { recursive: true });
  await Promise.all(DATA_DIRECTORIES.map((path) => mkdir(dataFolder(paths, path), { recursive: true })));
  for (const file of files) {
    const target = join(paths.upper, file.path);
    await makeParents(paths.upper, file);
    await writeFile(target, file.content);
    await chmod(target, file.mode);
    if (file.owner !== undefined) await chown(target, file.owner, file.owner);
  }
};

export const readAccounts = async (tree: string): Promise<AccountFiles> => {
  const read = (name: string): Promise<string> => readFile(join(tree, 'etc', name), 'utf8');
  const [passwd, group, shadow] = await Promise.all([read('passwd'), read('group'), read('shadow')]);
  return { passwd, group, shadow };
};

/** Overlay options split at commas and colons. */
const escaped = (path: string): string => path.replaceAll(/[\\:,]/g, String.raw`\$&`);

/** Mounts the host's root: the shared tree below, the host's own changes above. */
export const mountRoot = async (paths: HostPaths, tree: string): Promise<Result<void, DroverError>> => {
  const options = `lowerdir=${escaped(tree)},upperdir=${escaped(paths.upper)},workdir=${escaped(paths.work)}`;
  const mounted = await check('mount', ['-t', 'overlay', 'drover-lab', '-o', options, paths.root]);
  return mounted.ok ? ok(undefined) : mounted;
};

/** Mount points at or below a directory, deepest first. */
export const parseMountsBelow = (mountinfo: string, folder: string): readonly string[] =>
  mountinfo
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();

/** Unmounts everything at or below a directory. */
export const unmountBelow = async (folder: string): Promise<void> => {
  const points = parseMountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), folder);
  for (const point of points) {
    const done = await exec('umount', [point]);
    // A busy mount (a shell standing in it) disappears for everybody else now and for its user later.
    if (done.status !== 0) await exec('umount', ['--lazy', point]);
  }
};

/** Removes a directory of the lab. Immutable files are made mutable first: a fault may have set the flag. */
export const removeFolder = async (folder: string): Promise<void> => {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await exec('chattr', ['-R', '-f', '-i', '-a', folder]);
    await rm(folder, { recursive: true, force: true });
  }
};
