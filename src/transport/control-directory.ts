import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A socket address holds 108 bytes with its terminating zero, and ssh appends 17 characters while it makes the
 * socket; what is left serves for the directory, a slash and the number of the host.
 */
const LONGEST_DIRECTORY = 108 - 1 - 17 - 6;
const PREFIX = 'c';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Directories are named after the process that made them; those of dead processes go. */
const removeStale = async (parent: string): Promise<void> => {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
};

const makeIn = async (parent: string): Promise<string> => {
  const directory = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  await chmod(directory, 0o700);
  return directory;
};

/**
 * Makes a private directory (mode 0700) of this process alone below `parent`, or in the system's temporary folder
 * when the path of a socket below `parent` would be too long for the kernel.
 */
export const makeControlDirectory = async (parent: string): Promise<string> => {
  const probable = join(parent, `${PREFIX}${process.pid}-123456`);
  if (Buffer.byteLength(probable) > LONGEST_DIRECTORY) return makeIn(tmpdir());
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeStale(parent);
  return makeIn(parent);
};
