import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largestPassed, nextSizes } from '../../../src/facts/probes/mtu.js';
import { MTU_ROUNDS } from '../../../src/facts/probes/sizes.js';

/** Runs the search against a path of a given limit; gives the answer and how many rounds and packets it took. */
const search = (top: number, limit: number, overhead: number) => {
  const tried = new Set<number>();
  const state = { top, overhead, tried, passed: (size: number) => size <= limit };
  let rounds = 0;
  for (let sizes = nextSizes(state); sizes.length > 0; sizes = nextSizes(state)) {
    for (const size of sizes) tried.add(size);
    rounds++;
  }
  return { answer: largestPassed(state), rounds, packets: tried.size };
};

it('finds the exact limit of any path within the allowed rounds', () => {
  const paths = fc.record({
    top: fc.integer({ min: 1200, max: 9000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    overhead: fc.constantFrom(0, 50),
  });
  fc.assert(
    fc.property(paths, ({ top, share, overhead }) => {
      const limit = Math.round(600 + (top - 600) * share);
      const found = search(top, limit, overhead);
      expect(found.answer).toBe(limit);
      expect(found.rounds).toBeLessThanOrEqual(MTU_ROUNDS);
      expect(found.packets).toBeLessThan(120);
    }),
  );
});

it('needs one packet on a healthy path and two rounds for the usual limits', () => {
  expect(search(1500, 1500, 0)).toEqual({ answer: 1500, rounds: 1, packets: 1 });
  for (const limit of [1480, 1450, 1420, 1400, 1280]) expect(search(1500, limit, 0).rounds).toBe(2);
  for (const limit of [1400, 1350]) expect(search(1450, limit, 50).rounds).toBe(2);
});

it('gives up where nothing passes', () => {
  expect(search(1500, 0, 0)).toMatchObject({ answer: undefined, rounds: 2 });
});
