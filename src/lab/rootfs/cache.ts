import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { rootfsHome } from '../paths.js';
import { withLock } from '../state/lock.js';
import { buildRootfs } from './build.js';
import { machineMirror } from './mirror.js';
import { recipeHash, rootfsRecipe } from './recipe.js';

/** A finished root file system in the cache. */
export interface Rootfs {
  /** Lower layer of every host. Never written to. */
  readonly tree: string;
  /** Folder with packages and their index, served inside labs. */
  readonly repository: string;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Left by builds that were killed; the caller holds the lock, so nobody is using them. */
const removeUnfinished = async (home: string): Promise<void> => {
  const names = await readdir(home);
  await Promise.all(
    names
      .filter((name) => name.startsWith('.unfinished-'))
      .map((name) => rm(join(home, name), { recursive: true, force: true })),
  );
};

const build = async (
  context: LabContext,
  folder: string,
  mirror?: string,
): Promise<Result<void, DroverError>> => {
  const home = rootfsHome(context.env);
  await removeUnfinished(home);
  if (await exists(folder)) return ok(undefined);
  const title = 'Making the root file system of the lab: Debian trixie, once, 2 to 3 minutes and 750 MB';
  const since = context.clock.monotonic();
  context.emit({ type: 'phase-start', phase: 'lab-prepare', title });
  const draft = join(home, `.unfinished-${process.pid}`);
  await mkdir(draft);
  const recipe = rootfsRecipe();
  const made = await buildRootfs(context, recipe, {
    folder: draft,
    mirror: mirror ?? (await machineMirror()),
  });
  if (!made.ok) {
    await rm(draft, { recursive: true, force: true });
    return made;
  }
  await writeFile(join(draft, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
  await rename(draft, folder);
  context.emit({
    type: 'phase-done',
    phase: 'lab-prepare',
    title,
    durationMs: context.clock.monotonic() - since,
  });
  return ok(undefined);
};

/** The root file system of this version's recipe: from the cache, or made now. Other versions' entries stay. */
export const ensureRootfs = async (
  context: LabContext,
  mirror?: string,
): Promise<Result<Rootfs, DroverError>> => {
  const home = rootfsHome(context.env);
  const folder = join(home, recipeHash(rootfsRecipe()));
  const rootfs = { tree: join(folder, 'tree'), repository: join(folder, 'repository') };
  if (await exists(folder)) return ok(rootfs);
  await mkdir(home, { recursive: true });
  const made = await withLock(home, 'lab up (making the root file system)', () =>
    build(context, folder, mirror),
  );
  return made.ok ? ok(rootfs) : made;
};
