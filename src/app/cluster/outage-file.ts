import { appendFile, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type OutageRecord, outageRecordSchema } from '../../steps/guards/pairs/outage-record.js';
import { journalPath } from './run-store.js';

/** What guards saw while a run went on, beside its journal. */
export interface OutageFile {
  /** Written soon, and in order; on disk for sure after `flush`. */
  readonly keep: (record: OutageRecord) => void;
  readonly flush: () => Promise<void>;
}

const pathOf = (stateDir: string, run: string): string =>
  join(dirname(journalPath(stateDir, run)), 'outages.jsonl');

/** Appends to the file of a run; there is none before the first record. */
export const outageFile = (stateDir: string, run: string): OutageFile => {
  const path = pathOf(stateDir, run);
  let waiting: OutageRecord[] = [];
  let writing: Promise<void> = Promise.resolve();
  let written = false;
  const write = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    await appendFile(path, batch.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
    written = true;
  };
  return {
    keep: (record) => {
      waiting.push(record);
      // A full disk stops the journal, which says so; the picture is lost without a word.
      writing = writing.then(write).catch(() => undefined);
    },
    flush: async () => {
      await writing;
      if (!written) return;
      const file = await open(path, 'r+');
      await file.sync().finally(() => file.close());
    },
  };
};

const parse = (line: string): OutageRecord[] => {
  try {
    const parsed = outageRecordSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    // The last line of a process that was killed may be torn.
    return [];
  }
};

/** Everything that is kept of a run; empty where nothing was watched. */
export const readOutages = async (stateDir: string, run: string): Promise<readonly OutageRecord[]> => {
  try {
    return (await readFile(pathOf(stateDir, run), 'utf8')).split('\n').filter(Boolean).flatMap(parse);
  } catch {
    return [];
  }
};
