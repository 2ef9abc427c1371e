import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { type BundleIndex, INDEX_FILE } from '../model/bundle-index.js';
import { PARTIAL, PENDING, syncFolder } from './pending.js';

/** A bundle while it is written: in a folder of its own inside the target, which only a whole bundle replaces. */
export interface BundleWriter {
  /** Takes one file, path relative with `/`; throws what the disk said about an earlier one. */
  readonly put: (path: string, text: string) => Promise<void>;
  /** Replaces what was in the folder; the index comes last. */
  readonly commit: (index: BundleIndex) => Promise<void>;
  /** Removes everything that was written. */
  readonly abort: () => Promise<void>;
}

/** What an export replaces; everything else in the folder is the user's. */
const OWN = ['namespaces', 'cluster', 'report', 'README.md', 'references.svg'] as const;

const listed = async (folder: string): Promise<readonly string[] | undefined> => {
  try {
    return await readdir(folder);
  } catch {
    return undefined;
  }
};

const swap = async (folder: string, own: string, index: BundleIndex): Promise<void> => {
  await writeFile(join(own, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`, { mode: 0o600 });
  // From here until the new index is in place the folder is no bundle, so that a mixture is never taken for one.
  await rm(join(folder, PENDING), { recursive: true, force: true });
  await rm(join(folder, INDEX_FILE), { force: true });
  for (const name of OWN) {
    await rm(join(folder, name), { recursive: true, force: true });
    const made = await listed(own);
    if (made?.includes(name) === true) await rename(join(own, name), join(folder, name));
  }
  await syncFolder(folder);
  await rename(join(own, INDEX_FILE), join(folder, INDEX_FILE));
  await syncFolder(folder);
  await rm(own, { recursive: true, force: true });
};

/** Files on their way to the disk at the same time. */
const AT_ONCE = 64;

/**
 * Writes many files at once; `drain` waits for all of them. Whoever puts one while too many are on their way waits for its
 * own: were it for any, each that ends would let all that wait go on, and ever more would be on their way.
 */
const fileQueue = (root: string): Pick<BundleWriter, 'put'> & { readonly drain: () => Promise<void> } => {
  const made = new Set<string>();
  const open = new Set<Promise<void>>();
  let failure: unknown;
  const write = async (file: string, text: string): Promise<void> => {
    const parent = dirname(file);
    if (!made.has(parent)) {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      made.add(parent);
    }
    await writeFile(file, text, { mode: 0o600 });
  };
  const check = (): void => {
    if (failure !== undefined) throw failure as Error;
  };
  return {
    put: async (path, text) => {
      const one: Promise<void> = write(join(root, path), text)
        .catch((reason: unknown) => {
          failure ??= reason;
        })
        .finally(() => open.delete(one));
      open.add(one);
      if (open.size > AT_ONCE) await one;
      check();
    },
    drain: async () => {
      await Promise.all(open);
      check();
    },
  };
};

const refusal = (folder: string): DroverError => ({
  code: 'bundle-folder',
  message: `${folder} holds files and is no bundle`,
  state: 'nothing was written',
  hint: 'name a new folder with -o',
});

/** Opens a folder that is new, empty, or a bundle already. `id` names this export's part. */
export const openWriter = async (folder: string, id: string): Promise<Result<BundleWriter, DroverError>> => {
  const before = await listed(folder);
  const foreign = before?.filter((name) => !name.startsWith('.')) ?? [];
  const isOwn = foreign.every((name) => name === INDEX_FILE || OWN.some((own) => own === name));
  if (foreign.length > 0 && !isOwn && !foreign.includes(INDEX_FILE)) return err(refusal(folder));
  const own = join(folder, `${PARTIAL}${id}`);
  try {
    for (const left of before?.filter((name) => name.startsWith(PARTIAL)) ?? [])
      await rm(join(folder, left), { recursive: true, force: true });
    await mkdir(own, { recursive: true, mode: 0o700 });
  } catch (reason) {
    return err({
      code: 'bundle-write',
      message: `${folder} cannot be written`,
      cause: String(reason),
      state: 'nothing was written',
    });
  }
  const files = fileQueue(own);
  return ok({
    put: files.put,
    commit: async (index) => {
      await files.drain();
      await swap(folder, own, index);
    },
    abort: async () => {
      await files.drain().catch(() => undefined);
      await rm(own, { recursive: true, force: true });
      if (before === undefined) await rm(folder, { recursive: true, force: true });
    },
  });
};
