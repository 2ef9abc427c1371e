import { readdir, readlink, stat } from 'node:fs/promises';
import type { Clock } from '../../core/ports/clock.js';
import { netnsPath } from '../names.js';
import { identify, type Process, signalProcess, waitForEnd } from '../processes.js';

/** Processes that run in a named network namespace: everything there belongs to the lab. */
const occupants = async (netns: string): Promise<readonly Process[]> => {
  const info = await stat(netnsPath(netns)).catch(() => undefined);
  if (info === undefined) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const link = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
      return link === `net:[${info.ino}]` ? identify(Number(pid)) : undefined;
    }),
  );
  return found.filter((process) => process !== undefined);
};

/** Ends everything that runs in a namespace, so that the namespace goes when its name is removed. */
export const endOccupants = async (netns: string, clock: Clock): Promise<void> => {
  const processes = await occupants(netns);
  await Promise.all(
    processes.map(async (process) => {
      await signalProcess(process, 'SIGKILL');
      await waitForEnd(process, clock, 2000);
    }),
  );
};
