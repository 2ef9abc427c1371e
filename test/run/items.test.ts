import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import { err, ok } from '../../src/core/result.js';
import { itemLog } from '../../src/run/item-log.js';
import { foldRun } from '../../src/run/progress.js';
import type { StepFailure } from '../../src/steps/failure.js';
import { type EachItem, eachItem, type Item } from '../../src/steps/items.js';

class Crash extends Error {}

/** What survives a crash: the journal and the objects. */
interface Disk {
  readonly journal: RunEvent[];
  readonly objects: Map<string, string>;
  touched: number;
}

const fresh = (): Disk => ({ journal: [], objects: new Map(), touched: 0 });

const named = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ key: `object-${index}`, before: null }));

/** One process life that dies when the journal has `crashAfter` lines. */
const life = (
  disk: Disk,
  items: readonly Item[],
  part: Partial<EachItem> & { readonly crashAfter?: number } = {},
) => {
  const record = (event: RunEvent): Promise<void> => {
    if (disk.journal.length >= (part.crashAfter ?? Number.POSITIVE_INFINITY))
      return Promise.reject(new Crash());
    disk.journal.push(event);
    return Promise.resolve();
  };
  const log = itemLog({ run: 'r', record }, 'a', foldRun(disk.journal).memory('a'));
  return eachItem({
    log,
    items,
    batch: 3,
    concurrency: 2,
    signal: new AbortController().signal,
    work: (item, again) => {
      const intended = disk.journal.some(
        (event) => event.type === 'items-intent' && event.items.some(({ key }) => key === item.key),
      );
      expect(intended).toBe(true);
      disk.touched += again ? 0 : 1;
      disk.objects.set(item.key, 'made');
      return Promise.resolve(ok(undefined));
    },
    ...part,
  });
};

const failure = (kind: StepFailure['class']): StepFailure => ({ class: kind, code: 'x', message: 'refused' });

describe('items of an action', () => {
  it('are on disk with their former states before any of them is touched', async () => {
    const disk = fresh();
    expect(await life(disk, named(7))).toEqual(ok({ done: 7, failed: [] }));
    expect(disk.journal.filter(({ type }) => type === 'items-intent')).toHaveLength(3);
    expect(foldRun(disk.journal).memory('a')).toMatchObject({ open: [], nextBatch: 4 });
  });

  it('are all made once, whatever journal line the process dies at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 20 }), fc.nat({ max: 14 }), async (count, crashAfter) => {
        const disk = fresh();
        await life(disk, named(count), { crashAfter }).catch((reason: unknown) => {
          if (!(reason instanceof Crash)) throw reason;
        });
        const open = foldRun(disk.journal).memory('a').open.length;
        const before = disk.touched;
        let looked = 0;
        const result = await life(disk, named(count), {
          work: (item, again) => {
            if (again) looked += 1;
            else disk.touched += 1;
            disk.objects.set(item.key, 'made');
            return Promise.resolve(ok(undefined));
          },
        });
        expect(result).toEqual(ok({ done: count, failed: [] }));
        expect(disk.objects.size).toBe(count);
        expect(looked).toBe(open);
        expect(disk.touched - before).toBeLessThanOrEqual(count);
        expect(foldRun(disk.journal).memory('a').open).toEqual([]);
      }),
    );
  });

  it('keep the first former state when they are intended again', async () => {
    const disk = fresh();
    await life(disk, [{ key: 'x', before: 'original' }], { crashAfter: 1 }).catch(() => undefined);
    const seen: unknown[] = [];
    await life(disk, [{ key: 'x', before: 'changed by us' }], {
      work: ({ before }) => {
        seen.push(before);
        return Promise.resolve(ok(undefined));
      },
    });
    expect(seen).toEqual(['original']);
  });

  it('do not hold each other back when one fails for good', async () => {
    const disk = fresh();
    const result = await life(disk, named(5), {
      work: ({ key }) => Promise.resolve(key === 'object-1' ? err(failure('permanent')) : ok(undefined)),
    });
    expect(result).toMatchObject({ ok: true, value: { done: 4, failed: [{ key: 'object-1' }] } });
    const again = await life(disk, named(5));
    expect(again).toEqual(ok({ done: 5, failed: [] }));
  });

  it('stop at a failure that a person must judge, and after an abort, with the rest left open', async () => {
    const disk = fresh();
    const stopped = await life(disk, named(9), {
      concurrency: 1,
      work: ({ key }) => Promise.resolve(key === 'object-4' ? err(failure('person')) : ok(undefined)),
    });
    expect(stopped).toEqual(err(failure('person')));
    expect(foldRun(disk.journal).memory('a').finished.size).toBe(4);
    const cut = await life(disk, named(9), { signal: AbortSignal.abort() });
    expect(cut).toMatchObject({ ok: false, error: { code: 'run-cut' } });
    expect(await life(disk, named(9))).toEqual(ok({ done: 9, failed: [] }));
  });
});
