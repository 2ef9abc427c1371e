import { chown, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Clock } from '../../../core/ports/clock.js';
import type { Random } from '../../../core/ports/random.js';
import type { RealmPaths } from '../../../core/realm.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { StepFailure } from '../../../steps/failure.js';

/** How long another program may hold the file. */
const LOCK_MS = 10_000;

/** What changing the file needs of the outside. */
export interface FileTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The kubeconfig that new contexts go into, as kubectl chooses it: the first file of $KUBECONFIG that exists, else the
 * last one named there, else ~/.kube/config. A lab has one of its own, and the user's is never touched for it.
 */
export const kubeconfigPath = async (
  paths: Pick<RealmPaths, 'kubeconfig'>,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string> => {
  if (paths.kubeconfig !== undefined) return paths.kubeconfig;
  const named = (env['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '');
  for (const path of named)
    if (await exists(join(isAbsolute(path) ? '/' : cwd, path))) return inFolder(cwd, path);
  const last = named.at(-1);
  return last === undefined ? join(env['HOME'] ?? homedir(), '.kube', 'config') : inFolder(cwd, last);
};

const inFolder = (cwd: string, path: string): string => (isAbsolute(path) ? path : join(cwd, path));

const codeOf = (reason: unknown): string | undefined =>
  reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : undefined;

const failure = (path: string, cause: string, hint?: string): StepFailure => ({
  class: 'permanent',
  code: 'kubeconfig-not-written',
  message: `${path} cannot be changed`,
  cause,
  ...(hint === undefined ? {} : { hint }),
});

/** Text of the file; undefined = there is none. */
export const readKubeconfigFile = async (path: string): Promise<Result<string | undefined, StepFailure>> => {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (reason) {
    return codeOf(reason) === 'ENOENT' ? ok(undefined) : err(failure(path, String(reason)));
  }
};

/** kubectl's own lock, so that it does not write at the same time. */
const lock = async (path: string, { clock, signal }: FileTools): Promise<boolean> => {
  const until = clock.monotonic() + LOCK_MS;
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return true;
    } catch (reason) {
      if (codeOf(reason) !== 'EEXIST') throw reason;
    }
    if (clock.monotonic() >= until || signal.aborted) return false;
    await clock.delay(50, signal).catch(() => undefined);
  }
};

const replace = async (path: string, text: string, random: Random): Promise<void> => {
  const draft = `${path}.${Buffer.from(random.bytes(6)).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    const owner = await stat(path).catch(() => undefined);
    if (owner !== undefined) await chown(draft, owner.uid, owner.gid);
    await rename(draft, path);
  } catch (reason) {
    await rm(draft, { force: true });
    throw reason;
  }
};

const edited = async (
  path: string,
  edit: (text: string | undefined) => Result<string | null, StepFailure>,
  tools: FileTools,
): Promise<Result<void, StepFailure>> => {
  const before = await readKubeconfigFile(path);
  if (!before.ok) return before;
  const after = edit(before.value);
  if (!after.ok) return after;
  if (after.value === null) await rm(path, { force: true });
  else if (after.value !== before.value) await replace(path, after.value, tools.random);
  return ok(undefined);
};

/**
 * Changes the file whole or not at all, with mode 0600 and its owner kept. Symbolic links stay links. See
 * `OperatorEffects.editKubeconfig`.
 */
export const editKubeconfigFile = async (
  path: string,
  edit: (text: string | undefined) => Result<string | null, StepFailure>,
  tools: FileTools,
): Promise<Result<void, StepFailure>> => {
  const real = await realpath(path).catch(() => path);
  const guard = `${real}.lock`;
  try {
    await mkdir(dirname(real), { recursive: true, mode: 0o700 });
    if (!(await lock(guard, tools)))
      return err(
        failure(path, `${guard} exists`, 'another program changes it; if none does, remove the lock'),
      );
  } catch (reason) {
    return err(failure(path, String(reason)));
  }
  try {
    return await edited(real, edit, tools);
  } catch (reason) {
    return err(failure(path, String(reason)));
  } finally {
    await rm(guard, { force: true });
  }
};
