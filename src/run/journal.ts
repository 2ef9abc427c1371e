import { open } from 'node:fs/promises';
import type { RunEvent } from '../core/events/run.js';
import type { Clock } from '../core/ports/clock.js';
import { encodeLine, type JournalLine, makeLine } from './journal-line.js';

/** Append-only record of one run. */
export interface Journal {
  /** Resolves when the line is on disk; callers start an effect only after that (invariant 2). */
  append(event: RunEvent): Promise<JournalLine>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly path: string;
  readonly clock: Clock;
  /** The last good line of an existing journal; absent for a new one. */
  readonly last?: JournalLine;
  /** A crash left a journal without any whole line: begin it anew. */
  readonly replace?: boolean;
  /** Length in bytes of the good part; a torn end behind it is cut off before the first append. */
  readonly keep?: number;
  /** Called with every line that is on disk, e.g. to mirror it. */
  readonly onLine?: (line: JournalLine) => void;
}

interface Waiting {
  readonly line: JournalLine;
  readonly resolve: (line: JournalLine) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens a journal for writing. Lines that arrive while a write is on its way are written together and made
 * durable by one fsync (group commit), in order of arrival.
 */
export const openJournal = async (options: JournalOptions): Promise<Journal> => {
  const flags = options.last !== undefined ? 'r+' : options.replace === true ? 'w' : 'ax';
  const file = await open(options.path, flags, 0o600);
  let position = options.keep ?? 0;
  if (options.last !== undefined) await file.truncate(position);
  let last = options.last;
  let queue: Waiting[] = [];
  let writing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const bytes = Buffer.from(batch.map(({ line }) => encodeLine(line)).join(''));
      try {
        await file.write(bytes, 0, bytes.length, position);
        await file.datasync();
      } catch (reason) {
        for (const waiting of [...batch, ...queue]) waiting.reject(reason);
        queue = [];
        break;
      }
      position += bytes.length;
      for (const { line, resolve } of batch) {
        options.onLine?.(line);
        resolve(line);
      }
    }
    // In the same breath as the last look at the queue: a line that comes now starts a write of its own.
    writing = undefined;
  };

  return {
    append: (event) =>
      new Promise((resolve, reject) => {
        last = makeLine(last, new Date(options.clock.now()).toISOString(), event);
        queue.push({ line: last, resolve, reject });
        writing ??= flush();
      }),
    close: async () => {
      await writing;
      await file.close();
    },
  };
};
