import { randomBytes } from 'node:crypto';
import { chown, lchown, lstat, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import type { Invoker } from '../invoker.js';

/** Finished results of one thing beside the newest that are kept, for those who go back and forth between versions. */
const KEPT = 3;
const MAKING = /^\.making-(\d+)-/;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** One place in the cache: a directory that either does not exist or is complete. */
export interface CacheSlot {
  /** Directory of all results of one thing, e.g. build/programs/coredns. */
  readonly home: string;
  readonly key: string;
  /** Whose the result is; absent: its files keep the owners that `fill` gave them. */
  readonly owner?: Invoker;
}

export const slotPath = (slot: CacheSlot): string => join(slot.home, slot.key);

/** The finished directory of this slot; using it keeps it from being pruned. */
export const lookup = async (slot: CacheSlot, now: Date): Promise<string | undefined> => {
  const path = slotPath(slot);
  if (!(await exists(path))) return undefined;
  await utimes(path, now, now).catch(() => undefined);
  return path;
};

const ownAll = async (path: string, owner: Invoker): Promise<void> => {
  await lchown(path, owner.uid, owner.gid);
  if (!(await lstat(path)).isDirectory()) return;
  await Promise.all((await readdir(path)).map((name) => ownAll(join(path, name), owner)));
};

/** Makes a directory and its parents; those that are new belong to the owner. */
export const makeOwned = async (path: string, owner: Invoker | undefined): Promise<void> => {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined || owner === undefined || process.getuid?.() !== 0) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    await chown(made, owner.uid, owner.gid);
  }
};

/** Removes what processes left behind that were killed while they made something. */
const sweep = async (home: string): Promise<void> => {
  for (const name of await readdir(home)) {
    const pid = MAKING.exec(name)?.[1];
    if (pid === undefined || (await exists(`/proc/${pid}`))) continue;
    await rm(join(home, name), { recursive: true, force: true });
  }
};

const prune = async (slot: CacheSlot): Promise<void> => {
  const names = (await readdir(slot.home)).filter((name) => !name.startsWith('.') && name !== slot.key);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, used: (await stat(join(slot.home, name))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.used - a.used).slice(KEPT);
  await Promise.all(old.map(({ name }) => rm(join(slot.home, name), { recursive: true, force: true })));
};

/** Puts a complete directory in its place in one move; another process that was faster wins. */
const install = async (making: string, slot: CacheSlot): Promise<void> => {
  try {
    await rename(making, slotPath(slot));
  } catch (error) {
    if (!(await exists(slotPath(slot)))) throw error;
  }
};

/**
 * Makes a slot's directory: `fill` writes into a private directory, which takes its place only when everything is
 * there. Whatever fails or is interrupted leaves nothing.
 */
export const make = async (
  slot: CacheSlot,
  fill: (directory: string) => Promise<Result<void, DroverError>>,
): Promise<Result<string, DroverError>> => {
  await makeOwned(slot.home, slot.owner);
  await sweep(slot.home);
  const making = join(slot.home, `.making-${process.pid}-${randomBytes(4).toString('hex')}`);
  await makeOwned(making, slot.owner);
  try {
    const filled = await fill(making);
    if (!filled.ok) return filled;
    if (slot.owner !== undefined && process.getuid?.() === 0) await ownAll(making, slot.owner);
    await install(making, slot);
    await prune(slot);
    return ok(slotPath(slot));
  } finally {
    await rm(making, { recursive: true, force: true });
  }
};
