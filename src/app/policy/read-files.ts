import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { type Manifests, readManifests } from '../../diagnosis/policy/manifests.js';

const unreadable = (path: string, error: unknown): DroverError => ({
  code: 'manifest-unreadable',
  message: `${path} cannot be read`,
  cause: error instanceof Error ? error.message : String(error),
  state: 'nothing was judged',
});

/** A folder's manifests, in the order of their names; a file is itself. */
const filesBelow = async (cwd: string, path: string): Promise<readonly string[]> => {
  if (!(await stat(resolve(cwd, path))).isDirectory()) return [path];
  const entries = await readdir(resolve(cwd, path), { withFileTypes: true });
  const below = entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) return filesBelow(cwd, inside);
      return Promise.resolve(/\.(ya?ml|json)$/.test(entry.name) ? [inside] : []);
    });
  return (await Promise.all(below)).flat();
};

const standardInput = async (): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const readOne = async (cwd: string, path: string): Promise<readonly Manifests[]> => {
  try {
    if (path === '-') return [readManifests('standard input', await standardInput())];
    const files = await filesBelow(cwd, path);
    return await Promise.all(
      files.map(async (file) => readManifests(file, await readFile(resolve(cwd, file), 'utf8'))),
    );
  } catch (error) {
    return [{ objects: [], errors: [unreadable(path, error)] }];
  }
};

/** Objects of files, folders and `-` (standard input), and everything that keeps some from being read. */
export const readManifestFiles = async (cwd: string, paths: readonly string[]): Promise<Manifests> => {
  const read = (await Promise.all(paths.map((path) => readOne(cwd, path)))).flat();
  return { objects: read.flatMap(({ objects }) => objects), errors: read.flatMap(({ errors }) => errors) };
};
