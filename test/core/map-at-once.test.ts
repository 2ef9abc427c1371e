import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapAtOnce } from '../../src/core/map-at-once.js';

describe('mapAtOnce', () => {
  it('gives what each item gives, in order, and never has more of them under way', async () => {
    const input = fc.record({ items: fc.array(fc.nat()), atOnce: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(input, fc.scheduler(), async ({ items, atOnce }, scheduler) => {
        let running = 0;
        let most = 0;
        const work = scheduler.scheduleFunction((item: number) => Promise.resolve(item + 1));
        const done = mapAtOnce(items, atOnce, async (item) => {
          running += 1;
          most = Math.max(most, running);
          const made = await work(item);
          running -= 1;
          return made;
        });
        await scheduler.waitFor(done);
        expect(await done).toEqual(items.map((item) => item + 1));
        expect(most).toBe(Math.min(items.length, atOnce));
      }),
    );
  });

  it('fails with the first item that fails', async () => {
    const work = (item: number): Promise<number> =>
      item === 3 ? Promise.reject(new Error('three')) : Promise.resolve(item);
    await expect(mapAtOnce([1, 2, 3, 4], 2, work)).rejects.toThrow('three');
  });
});
