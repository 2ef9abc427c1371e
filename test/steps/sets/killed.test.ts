import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import { contentOf, type Life, live, survive, wayBack } from '../objects/support/bench.js';
import {
  cluster,
  definition,
  lifeOf,
  namespace,
  planFor,
  settings,
  shopSet,
  web,
  widget,
} from './support/platform.js';

const WRITES = ['apply', 'create', 'patch', 'delete'];
const writesOf = ({ server }: Life): number =>
  server.calls.filter(({ verb, dryRun }) => WRITES.includes(verb) && !dryRun).length;

const first = shopSet(namespace, settings('a'), settings('x', 'old'), web('web:1'));
const second = shopSet(definition, namespace, settings('b'), settings('new', 'new'), widget, web('web:2'));

/** A cluster with an earlier set, and the run that changes, adds and removes. */
const begin = async (): Promise<Life> => {
  const server = cluster();
  expect((await live(await lifeOf(server, [first]))).event.outcome).toBe('done');
  server.calls.length = 0;
  return lifeOf(server, [second]);
};

const goBack = async (life: Life, kill: Pick<Life, 'crashAfter' | 'crashAtWrite'> = {}): Promise<Life> => {
  const journal: RunEvent[] = [];
  const { crashAfter: _after, crashAtWrite: _write, ...rest } = life;
  const plan = wayBack(life.plan, life.journal);
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
  const life = await begin();
  before = contentOf(life.server);
  await live(life);
  after = contentOf(life.server);
  lines = life.journal.length;
  writes = writesOf(life);
  const back = await goBack(life);
  linesBack = back.journal.length;
  writesBack = writesOf(life) - writes;
});

describe('an object set whose application is killed', () => {
  it('changes nothing by being planned, and nothing more when it is applied again', async () => {
    const life = await begin();
    expect(writesOf(life)).toBe(0);
    await live(life);
    expect((await planFor(life.server, [{ set: second }])).stages[0]?.actions).toEqual([]);
    const again = { ...life, journal: [], run: 'again' };
    expect((await live(again)).event.outcome).toBe('done');
    expect(again.journal).toContainEqual(expect.objectContaining({ type: 'action-done', result: 'held' }));
    expect(writesOf(life)).toBe(writes);
  });

  it('at every line of its journal ends as undisturbed, and its way back as before', async () => {
    expect(lines).toBeGreaterThan(10);
    for (const crashAfter of numbers(lines - 1)) {
      const life = { ...(await begin()), crashAfter };
      expect((await survive(life)).event.outcome).toBe('done');
      expect(contentOf(life.server), `after line ${crashAfter}`).toEqual(after);
      await goBack(life);
      expect(contentOf(life.server), `back from line ${crashAfter}`).toEqual(before);
    }
  });

  it('between a request and its answer ends as undisturbed, and its way back as before', async () => {
    expect(writes).toBeGreaterThan(5);
    for (const crashAtWrite of numbers(writes)) {
      const life = { ...(await begin()), crashAtWrite };
      expect((await survive(life)).event.outcome).toBe('done');
      expect(contentOf(life.server), `at write ${crashAtWrite}`).toEqual(after);
      await goBack(life);
      expect(contentOf(life.server), `back from write ${crashAtWrite}`).toEqual(before);
    }
  });

  it('is taken back from wherever it was killed, without being resumed', async () => {
    for (const crashAtWrite of numbers(writes)) {
      const life = { ...(await begin()), crashAtWrite };
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
          const life = { ...(await begin()), crashAfter };
          await survive(life);
          await goBack(life, { crashAfter: lineBack, crashAtWrite: writeBack });
          expect(contentOf(life.server)).toEqual(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('fails to be proven when somebody changes what it applied', async () => {
    const life = await begin();
    const { server } = life;
    const sabotaged = { ...settings('sabotage', 'new') };
    // Somebody who is quicker than the proof.
    server.failing = ({ verb, dryRun, object }) => {
      if (verb === 'apply' && !dryRun && object?.kind === 'Deployment') server.put(sabotaged);
      return undefined;
    };
    expect((await live(life)).event.outcome).toBe('stopped');
    expect(life.journal).toContainEqual(
      expect.objectContaining({ type: 'action-failed', code: 'set-differs' }),
    );
  });
});
