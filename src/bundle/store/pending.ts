import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Files } from '../../core/ports/files.js';
import { err, ok, type Result } from '../../core/result.js';

/** Files that belong together and are whole, but not all in their places yet. */
export const PENDING = '.pending';
/** Prefix of what is not whole; the next export removes it. */
export const PARTIAL = '.partial-';

export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw reason;
  }
};

/**
 * Puts files of a change that was decided but did not end into their places. Whoever opens a bundle does this first, so that
 * nobody sees half a change. Throws what the disk says.
 */
export const settle = async (folder: string): Promise<void> => {
  const pending = join(folder, PENDING);
  const files = await filesIn(pending);
  for (const path of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    await rename(join(pending, path), join(folder, path));
  }
  if (files.length > 0) await syncFolder(folder);
  await rm(pending, { recursive: true, force: true });
};

export interface Replacement {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface NotReplaced {
  readonly detail: string;
  /** True when all of it is on the disk and whoever opens the bundle next completes it. */
  readonly decided: boolean;
}

const detailOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

const writeAside = async (aside: string, replacements: readonly Replacement[], files: Files) => {
  for (const { path, text } of replacements) {
    const written = await files.write(join(aside, path), text, { mode: 0o600 });
    if (!written.ok) return written.error.detail;
  }
  return undefined;
};

/**
 * Replaces several files of a bundle together: a machine that loses power at any moment leaves all of the old ones or,
 * once the bundle is opened, all of the new ones. Everything is written aside first; one rename decides.
 */
export const replaceTogether = async (
  folder: string,
  replacements: readonly Replacement[],
  { files, id }: { readonly files: Files; readonly id: string },
): Promise<Result<void, NotReplaced>> => {
  const aside = join(folder, `${PARTIAL}${id}`);
  let decided = false;
  try {
    const refused = await writeAside(aside, replacements, files);
    if (refused !== undefined) throw new Error(refused);
    await rename(aside, join(folder, PENDING));
    decided = true;
    await syncFolder(folder);
    await settle(folder);
    return ok(undefined);
  } catch (reason) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    return err({ detail: detailOf(reason), decided });
  }
};
