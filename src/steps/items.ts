import type { Json } from '../core/canonical.js';
import { err, ok, type Result } from '../core/result.js';
import type { StepFailure } from './failure.js';

/*
 * Fixed point e: thousands of objects or files are one action with items. Before a batch is touched its names and
 * former states are on disk; results follow in groups; after a crash only the items without a result are looked at.
 */

export interface Item {
  /** Unique within the action: a path, `apps/v1/Deployment/shop/web`. */
  readonly key: string;
  /** Former state, as rollback needs it. Never a secret: a digest, or a value that is sealed. */
  readonly before: Json;
}

export interface ItemResult {
  readonly key: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** What the journal of a run says about one item of an action. */
export interface ItemRecord extends Item {
  /** `open` = touched or not, nobody knows. */
  readonly result: 'ok' | 'failed' | 'open';
  /** Detail of the result. */
  readonly detail?: string;
}

/** The items of one action in the journal. */
export interface ItemLog {
  /** Items with an intent but no result: they may or may not have been touched. With their first former state. */
  readonly open: readonly Item[];
  /** Keys of items that succeeded before. */
  readonly finished: ReadonlySet<string>;
  /** Puts a batch on disk before any of its items is touched; resolves with the batch's number. */
  readonly intend: (items: readonly Item[]) => Promise<number>;
  /** Records results; resolves when they are on disk. Several calls share one write. */
  readonly settle: (batch: number, results: readonly ItemResult[]) => Promise<void>;
}

export interface EachItem {
  readonly log: ItemLog;
  /** May be produced while others are being worked on; finished and open ones are left out here. */
  readonly items: Iterable<Item> | AsyncIterable<Item>;
  /**
   * Makes one item so; must converge, because an open item may have been made already (`again` = its outcome is
   * unknown, look first). The value is a detail for the journal.
   */
  readonly work: (item: Item, again: boolean) => Promise<Result<string | undefined, StepFailure>>;
  readonly signal: AbortSignal;
  /** Items per intent. Default 200. */
  readonly batch?: number;
  /** Items worked on at once. Default 16. */
  readonly concurrency?: number;
}

export interface ItemsOutcome {
  readonly done: number;
  /** Items that failed for good; the others went on. */
  readonly failed: readonly (ItemResult & { readonly failure: StepFailure })[];
}

interface Tally {
  done: number;
  readonly failed: (ItemResult & { readonly failure: StepFailure })[];
  /** A failure that concerns more than its item: nothing new is started. */
  halted: StepFailure | undefined;
}

const concerned = (failure: StepFailure): boolean => failure.class === 'unsafe' || failure.class === 'person';

const cancelled: StepFailure = {
  class: 'permanent',
  code: 'run-cut',
  message: 'the run was cut off; the items that are left are in the journal',
};

async function* batches(input: EachItem): AsyncGenerator<Item[]> {
  const open = new Set(input.log.open.map(({ key }) => key));
  let batch: Item[] = [];
  for await (const item of input.items) {
    if (input.log.finished.has(item.key) || open.has(item.key)) continue;
    batch.push(item);
    if (batch.length < (input.batch ?? 200)) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const workOn = async (
  input: EachItem,
  tally: Tally,
  items: readonly Item[],
  again: boolean,
): Promise<ItemResult[]> => {
  const results: ItemResult[] = [];
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (input.signal.aborted || tally.halted !== undefined) return;
      const outcome = await input.work(item, again);
      const { key } = item;
      if (outcome.ok) {
        tally.done += 1;
        results.push({ key, ok: true, ...(outcome.value === undefined ? {} : { detail: outcome.value }) });
      } else if (concerned(outcome.error)) tally.halted ??= outcome.error;
      else {
        const result = { key, ok: false, detail: outcome.error.message };
        results.push(result);
        tally.failed.push({ ...result, failure: outcome.error });
      }
    }
  };
  await Promise.all(Array.from({ length: input.concurrency ?? 16 }, worker));
  return results;
};

/**
 * Works on every item once over all lives of a run. An item that fails does not hold back the others; a failure
 * that is unsafe or needs a person ends the work and is returned. An abort leaves the rest open.
 */
export const eachItem = async (input: EachItem): Promise<Result<ItemsOutcome, StepFailure>> => {
  const tally: Tally = { done: input.log.finished.size, failed: [], halted: undefined };
  const written: Promise<void>[] = [];
  const round = async (items: readonly Item[], again: boolean): Promise<void> => {
    const batch = await input.log.intend(items);
    const results = await workOn(input, tally, items, again);
    if (results.length === 0) return;
    const settled = input.log.settle(batch, results);
    // Awaited at the end; a journal that cannot be written any more must not end the process before that.
    settled.catch(() => undefined);
    written.push(settled);
  };
  if (input.log.open.length > 0) await round(input.log.open, true);
  for await (const batch of batches(input)) {
    if (input.signal.aborted || tally.halted !== undefined) break;
    await round(batch, false);
  }
  await Promise.all(written);
  if (tally.halted !== undefined) return err(tally.halted);
  return input.signal.aborted ? err(cancelled) : ok({ done: tally.done, failed: tally.failed });
};
