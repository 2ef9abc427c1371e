import type { RunEvent } from '../core/events/run.js';
import type { ItemLog } from '../steps/items.js';
import type { ActionMemory } from './progress.js';

interface Journaling {
  readonly run: string;
  /** Resolves when the event is on disk. */
  readonly record: (event: RunEvent) => Promise<void>;
}

/** The items of one action, kept in the journal of its run. */
export const itemLog = ({ run, record }: Journaling, action: string, memory: ActionMemory): ItemLog => {
  let next = memory.nextBatch;
  return {
    open: memory.open,
    finished: memory.finished,
    intend: async (items) => {
      const batch = next;
      next += 1;
      const named = items.map(({ key, before }) => ({ key, before: before as never }));
      await record({ type: 'items-intent', run, action, batch, items: named });
      return batch;
    },
    settle: (batch, results) =>
      record({ type: 'items-done', run, action, batch, results: results.map((result) => ({ ...result })) }),
  };
};
