import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import { labPaths } from '../../../src/lab/paths.js';
import { MAIN } from './cli.js';

/** A command of Drover that runs beside the test, in a process group of its own so that nothing of it outlives a kill. */
export const startApart = (args: readonly string[], cwd: string) => {
  const child = execa(process.execPath, [MAIN, ...args], {
    cwd,
    reject: false,
    stdin: 'ignore',
    detached: true,
    all: true,
  });
  let text = '';
  child.all.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = child.then(({ exitCode, all }) => ({ status: exitCode ?? -1, text: all }));
  return {
    ended,
    /** Waits until it has said this. */
    says: async (words: string): Promise<void> => {
      await expect.poll(() => text, { timeout: 300_000, interval: 20 }).toContain(words);
    },
    /** As Ctrl-C in a terminal: every process of the group is told. */
    interrupt: (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    },
    /** As the kernel or a power cut ends it: nothing can be tidied up. */
    kill: async (): Promise<void> => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
};

export type RunApart = ReturnType<typeof startApart>;

const runsOf = (lab: string): string => join(labPaths(process.env, lab).stateDir, 'runs');

/** Ids of the runs of a lab, oldest first. */
export const runIds = async (lab: string): Promise<readonly string[]> =>
  (await readdir(runsOf(lab)).catch(() => [])).sort();

/** Events of one run, as far as its journal has whole lines. */
export const eventsOf = async (lab: string, id: string): Promise<readonly RunEvent[]> => {
  const text = await readFile(join(runsOf(lab), id, 'journal.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { readonly event: RunEvent }).event);
};

/** Waits for a run that is not among the known ones; its id. */
export const newRun = async (lab: string, known: readonly string[]): Promise<string> => {
  const unknown = async (): Promise<string> => (await runIds(lab)).find((id) => !known.includes(id)) ?? '';
  await expect.poll(unknown, { timeout: 300_000, interval: 10 }).not.toBe('');
  return unknown();
};

/** Waits until the journal of a run holds what is asked for. */
export const untilJournal = async (
  lab: string,
  id: string,
  holds: (events: readonly RunEvent[]) => boolean,
): Promise<void> => {
  await expect
    .poll(async () => holds(await eventsOf(lab, id)), { timeout: 300_000, interval: 10 })
    .toBe(true);
};

/** Kills the ssh clients that a run of a lab talks through; how many there were. */
export const cutConnections = async (lab: string): Promise<number> => {
  const { controlDir } = labPaths(process.env, lab);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  let cut = 0;
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!/^(ssh|\/usr\/bin\/ssh)[\0:]/.test(command) || !command.includes(controlDir)) continue;
    process.kill(Number(pid), 'SIGKILL');
    cut += 1;
  }
  return cut;
};
