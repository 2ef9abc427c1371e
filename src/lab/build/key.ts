import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapAtOnce } from '../../core/map-at-once.js';
import type { GoProgram } from './programs.js';

/** Raised when the way of building changes what comes out. */
const RECIPE = 1;

/** Go's tests are no part of what is compiled. */
const compiled = (path: string): boolean => !path.endsWith('_test.go');

const FILES_AT_ONCE = 16;

/** SHA-256 over the names and contents of all files below a directory, in the order of their names. */
export const hashFolder = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(compiled)
    .sort();
  const lines = await mapAtOnce(paths, FILES_AT_ONCE, async (path) => {
    const content = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return `${path.slice(folder.length)}\0${content}\n`;
  });
  return createHash('sha256').update(lines.join('')).digest('hex');
};

/** 16 hexadecimal digits of a SHA-256 over any JSON value. */
export const keyOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** The processor names of Go, by those of Node. */
const GO_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
export const goArch = (): string => GO_ARCH[process.arch] ?? process.arch;

/**
 * What a compiled program depends on: its sources with every module's checksum (go.sum), the versions and
 * settings of its declaration, and the processor. Not Go's own patch level: a build stays good when Go is updated.
 */
export const programKey = async (program: GoProgram, sources: string): Promise<string> =>
  keyOf({
    recipe: RECIPE,
    arch: goArch(),
    main: program.main,
    version: program.version,
    modfile: program.modfile,
    tags: program.tags,
    variables: program.variables,
    sources: await hashFolder(join(sources, program.folder)),
  });
