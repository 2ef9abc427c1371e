import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import { contentOf, type Life, live, survive, wayBack } from './support/bench.js';
import { shop } from './support/shop.js';

const OPTIONS = { existing: 'update' } as const;
const begin = (): Life => ({ ...shop(OPTIONS), journal: [] });

const WRITES = ['apply', 'create', 'patch', 'delete'];
const writesOf = ({ server }: Life): number =>
  server.calls.filter(({ verb, dryRun }) => WRITES.includes(verb) && !dryRun).length;

/** The way back of a run in one life, or in two when it is killed as told. */
const goBack = async (life: Life, kill: Pick<Life, 'crashAfter' | 'crashAtWrite'> = {}): Promise<Life> => {
  const journal: RunEvent[] = [];
  const plan = wayBack(life.plan, life.journal);
  const { crashAfter: _after, crashAtWrite: _write, ...rest } = life;
  const back = { ...rest, ...kill, plan, journal, run: 'r2', journals: { r1: life.journal } };
  expect((await survive(back)).event.outcome).toBe('rolled-back');
  return back;
};

const numbers = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1);

let before: unknown;
let after: unknown;
let lines = 0;
let writes = 0;
let linesBack = 0;
let writesBack = 0;

beforeAll(async () => {
  const life = begin();
  before = contentOf(life.server);
  await live(life);
  after = contentOf(life.server);
  lines = life.journal.length;
  writes = writesOf(life);
  const back = await goBack(life);
  linesBack = back.journal.length;
  writesBack = writesOf(life) - writes;
});

describe('a restore that is killed', () => {
  it('at every line of its journal ends as undisturbed, and its way back as before', async () => {
    expect(lines).toBeGreaterThan(30);
    for (const crashAfter of numbers(lines - 1)) {
      const life = { ...begin(), crashAfter };
      expect((await survive(life)).event.outcome).toBe('done');
      expect(contentOf(life.server), `after line ${crashAfter}`).toEqual(after);
      await goBack(life);
      expect(contentOf(life.server), `back from line ${crashAfter}`).toEqual(before);
    }
  });

  it('between a request and its answer ends as undisturbed, and its way back as before', async () => {
    expect(writes).toBeGreaterThan(10);
    for (const crashAtWrite of numbers(writes)) {
      const life = { ...begin(), crashAtWrite };
      expect((await survive(life)).event.outcome).toBe('done');
      expect(contentOf(life.server), `at write ${crashAtWrite}`).toEqual(after);
      await goBack(life);
      expect(contentOf(life.server), `back from write ${crashAtWrite}`).toEqual(before);
    }
  });

  it('is taken back from wherever it was killed, without being resumed', async () => {
    for (const crashAtWrite of numbers(writes)) {
      const life = { ...begin(), crashAtWrite };
      await expect(live(life)).rejects.toThrow();
      await goBack(life);
      expect(contentOf(life.server), `from write ${crashAtWrite}`).toEqual(before);
    }
  });

  it('survives any two deaths, one of them on the way back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: lines - 1 }),
        fc.integer({ min: 1, max: linesBack - 1 }),
        fc.integer({ min: 1, max: writesBack }),
        async (crashAfter, lineBack, writeBack) => {
          const life = { ...begin(), crashAfter };
          await survive(life);
          await goBack(life, { crashAfter: lineBack, crashAtWrite: writeBack });
          expect(contentOf(life.server)).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});
