import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/run.js';
import { contentOf, type Life, live, survive, wayBack } from './bench.js';

const WRITES = ['apply', 'create', 'patch', 'delete'];

/** How many requests changed something in the cluster of a run. */
export const writesOf = ({ server }: Life): number =>
  server.calls.filter(({ verb, dryRun }) => WRITES.includes(verb) && !dryRun).length;

/** The way back of a run in one life, or in two when it is killed as told. */
const goBack = async (life: Life, kill: Pick<Life, 'crashAfter' | 'crashAtWrite'> = {}): Promise<Life> => {
  const journal: RunEvent[] = [];
  const { crashAfter: _after, crashAtWrite: _write, ...rest } = life;
  const plan = wayBack(life.plan, life.journal);
  const back = { ...rest, ...kill, plan, journal, run: 'r2', journals: { r1: life.journal } };
  expect((await survive(back)).event.outcome).toBe('rolled-back');
  return back;
};

const numbers = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1);

/** A run as it goes undisturbed, and its way back: all others are compared with it. */
const measure = async (life: Life) => {
  const before = contentOf(life.server);
  await live(life);
  const after = contentOf(life.server);
  const lines = life.journal.length;
  const writes = writesOf(life);
  const back = await goBack(life);
  return {
    before,
    after,
    lines,
    writes,
    linesBack: back.journal.length,
    writesBack: writesOf(life) - writes,
  };
};

interface Deaths {
  /** A run that is about to begin, on a cluster of its own. */
  readonly begin: () => Life | Promise<Life>;
  /** More lines and writes than these must be there to be killed at. */
  readonly lines: number;
  readonly writes: number;
  /** How many pairs of deaths are tried. */
  readonly pairs: number;
}

/** A run that changes objects ends as undisturbed, and its way back as before, wherever either is killed. */
export const bearsDeath = ({ begin, lines, writes, pairs }: Deaths): void => {
  let calm: Awaited<ReturnType<typeof measure>>;
  beforeAll(async () => {
    calm = await measure(await begin());
    expect(calm.lines).toBeGreaterThan(lines);
    expect(calm.writes).toBeGreaterThan(writes);
  });

  const killed = async (kill: Pick<Life, 'crashAfter' | 'crashAtWrite'>): Promise<void> => {
    const life = { ...(await begin()), ...kill };
    expect((await survive(life)).event.outcome).toBe('done');
    expect(contentOf(life.server), JSON.stringify(kill)).toEqual(calm.after);
    await goBack(life);
    expect(contentOf(life.server), `back from ${JSON.stringify(kill)}`).toEqual(calm.before);
  };

  it('at every line of its journal ends as undisturbed, and its way back as before', async () => {
    for (const crashAfter of numbers(calm.lines - 1)) await killed({ crashAfter });
  });

  it('between a request and its answer ends as undisturbed, and its way back as before', async () => {
    for (const crashAtWrite of numbers(calm.writes)) await killed({ crashAtWrite });
  });

  it('is taken back from wherever it was killed, without being resumed', async () => {
    for (const crashAtWrite of numbers(calm.writes)) {
      const life = { ...(await begin()), crashAtWrite };
      await expect(live(life)).rejects.toThrow();
      await goBack(life);
      expect(contentOf(life.server), `from write ${crashAtWrite}`).toEqual(calm.before);
    }
  });

  it('survives any two deaths, one of them on the way back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: calm.lines - 1 }),
        fc.integer({ min: 1, max: calm.linesBack - 1 }),
        fc.integer({ min: 1, max: calm.writesBack }),
        async (crashAfter, lineBack, writeBack) => {
          const life = { ...(await begin()), crashAfter };
          await survive(life);
          await goBack(life, { crashAfter: lineBack, crashAtWrite: writeBack });
          expect(contentOf(life.server)).toEqual(calm.before);
        },
      ),
      { numRuns: pairs },
    );
  });
};
