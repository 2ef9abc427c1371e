import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { identify, type Process } from '../processes.js';

/** Starts a host's program detached from this process, its output appended to a file; undefined when it cannot start. */
export const launch = async (
  [file, args]: readonly [string, readonly string[]],
  consoleFile: string,
): Promise<Process | undefined> => {
  const console = await open(consoleFile, 'a', 0o600);
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', console.fd, console.fd] });
    await new Promise<void>((resolve) => {
      child.once('spawn', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    return child.pid === undefined ? undefined : await identify(child.pid);
  } finally {
    await console.close();
  }
};
