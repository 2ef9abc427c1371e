import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { LabContext } from './context.js';
import { labsHome } from './paths.js';

const SYSCTL = '/proc/sys/fs/inotify/max_user_instances';

/** All hosts share one pool: a server with a cluster takes up to 25 instances, systemd and sshd some more. */
const PER_HOST = 40;
const ROOM_FOR_THE_MACHINE = 64;

const recordSchema = z.strictObject({ before: z.number().int(), raisedTo: z.number().int() });

const recordFile = (env: LabContext['env']): string => join(labsHome(env), '..', 'inotify.json');

const readRecord = async (env: LabContext['env']): Promise<z.infer<typeof recordSchema> | undefined> => {
  const text = await readFile(recordFile(env), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
};

const current = async (): Promise<number> => Number((await readFile(SYSCTL, 'utf8')).trim());

/** Raises the machine's limit of inotify instances when `hosts` hosts could exhaust it, and says so. */
export const raiseInotify = async (context: LabContext, hosts: number): Promise<void> => {
  const now = await current();
  const wanted = ROOM_FOR_THE_MACHINE + hosts * PER_HOST;
  if (now >= wanted) return;
  const before = (await readRecord(context.env))?.before ?? now;
  const path = recordFile(context.env);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ before, raisedTo: wanted }));
  await writeFile(SYSCTL, String(wanted));
  context.emit({
    type: 'note',
    level: 'info',
    text: `raised fs.inotify.max_user_instances of this machine from ${now} to ${wanted}; the last \`drover lab down\` restores ${before}`,
  });
};

/** Restores the limit, unless somebody else has changed it since. To be called when the last lab has gone. */
export const restoreInotify = async (context: LabContext): Promise<void> => {
  const record = await readRecord(context.env);
  if (record === undefined) return;
  if ((await current()) === record.raisedTo) {
    await writeFile(SYSCTL, String(record.before));
    context.emit({
      type: 'note',
      level: 'info',
      text: `restored fs.inotify.max_user_instances of this machine to ${record.before}`,
    });
  }
  await rm(recordFile(context.env), { force: true });
};
