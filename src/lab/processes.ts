import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../core/ports/clock.js';

/** A process that cannot be mistaken for a later one with the same number. */
export const processSchema = z.strictObject({
  pid: z.number().int().positive(),
  /** Start time in clock ticks since boot (field 22 of /proc/PID/stat). */
  startTime: z.string(),
});
export type Process = z.infer<typeof processSchema>;

const statFields = async (pid: number): Promise<readonly string[] | undefined> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

/** Identifies a living process; undefined when it has gone or is a zombie. */
export const identify = async (pid: number): Promise<Process | undefined> => {
  const fields = await statFields(pid);
  const startTime = fields?.[19];
  return startTime === undefined || fields?.[0] === 'Z' ? undefined : { pid, startTime };
};

export const isAlive = async (process: Process): Promise<boolean> =>
  (await identify(process.pid))?.startTime === process.startTime;

/** Sends a signal to exactly this process; false when it has gone. */
export const signalProcess = async (target: Process, signal: NodeJS.Signals): Promise<boolean> => {
  if (!(await isAlive(target))) return false;
  try {
    process.kill(target.pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** Resolves true when the process has gone, false after `timeoutMs`. */
export const waitForEnd = async (target: Process, clock: Clock, timeoutMs: number): Promise<boolean> => {
  const deadline = clock.monotonic() + timeoutMs;
  while (await isAlive(target)) {
    if (clock.monotonic() > deadline) return false;
    await clock.delay(20);
  }
  return true;
};

const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (child) => [child, (await statFields(child))?.[1]] as const),
  );
  return parents.filter(([, parent]) => parent === String(pid)).map(([child]) => child);
};

/** The host's PID 1: the child of systemd-nspawn that is process 1 of its own namespace. */
export const leaderOf = async (nspawn: Process): Promise<Process | undefined> => {
  if (!(await isAlive(nspawn))) return undefined;
  for (const child of await childrenOf(nspawn.pid)) {
    const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
    if (/^NSpid:.*\t1$/m.test(status)) return identify(child);
  }
  return undefined;
};
