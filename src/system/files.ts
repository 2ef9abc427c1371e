import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileFailure, Files } from '../core/ports/files.js';
import { err, ok } from '../core/result.js';
import { systemRandom } from './random.js';

const failureOf = (path: string, error: unknown): FileFailure => {
  const code = (error as NodeJS.ErrnoException).code;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT') return { kind: 'missing', path, detail };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'denied', path, detail };
  return { kind: 'other', path, detail };
};

/** Temporary file in the same directory, fsync, rename: readers see the old or the new content, never half of it. */
const writeAtomically = async (path: string, content: string, mode: number): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${Buffer.from(systemRandom.bytes(6)).toString('hex')}`,
  );
  try {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/** The operator machine's file system. */
export const systemFiles: Files = {
  read: async (path) => {
    try {
      return ok(await readFile(path, 'utf8'));
    } catch (error) {
      return err(failureOf(path, error));
    }
  },
  write: async (path, content, options) => {
    try {
      await writeAtomically(path, content, options?.mode ?? 0o644);
      return ok(undefined);
    } catch (error) {
      return err(failureOf(path, error));
    }
  },
  exists: async (path) => {
    try {
      await access(path);
      return true;
    } catch {
      return false;
    }
  },
};
