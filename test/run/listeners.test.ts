import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../src/plan/goal.js';
import type { AnyGuard } from '../../src/steps/guard.js';
import { systemClock } from '../support/ports.js';
import { goalOf, live, type MadeUp, madeUp, planOf, stepsOf } from './made-up.js';

const COUNT = 500;

const many = (world: MadeUp): StageGoal[] => {
  const { set } = stepsOf(world);
  const goals = Array.from({ length: COUNT }, (_, at) =>
    goalOf(set, `h${at}`, { params: { key: `k${at}`, value: at } }),
  );
  const budget = { longestMs: 60_000, totalMs: 60_000, silentMs: 60_000 };
  const guard = { id: 'g', kind: 'test.calm', title: 'calm', params: null, hosts: [], during: [], budget };
  return [{ name: 'only', goal: 'many', goals, guards: [{ ...guard, onBreach: 'stop' as const }] }];
};

const calm: AnyGuard = {
  id: 'test.calm',
  title: () => 'calm',
  watch: async function* ({ clock, signal }) {
    while (!signal.aborted) {
      yield { subject: 's', ok: true, detail: '' };
      await clock.delay(1, signal).catch(() => undefined);
    }
  },
};

/** Names of the warnings of this process meanwhile. */
const warningsDuring = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const seen: string[] = [];
  const note = ({ name }: Error): void => void seen.push(name);
  process.on('warning', note);
  try {
    await work();
    // Warnings are told in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', note);
  }
  return seen;
};

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('a run of hundreds of actions', () => {
  it('leaves no listener on the signals that end it, and Node warns of none', async () => {
    const world = madeUp();
    const stages = many(world);
    const [soft, hard] = [new AbortController().signal, new AbortController().signal];
    let most = 0;
    const warnings = await warningsDuring(async () => {
      const { event } = await live(world, {
        plan: planOf(stages),
        stages,
        guards: [calm],
        part: {
          soft,
          hard,
          clock: systemClock,
          concurrency: 64,
          show: () => undefined,
          record: async (recorded) => {
            world.journal.push(recorded);
            await new Promise((resolve) => setImmediate(resolve));
            most = Math.max(most, listeners(hard));
          },
        },
      });
      expect(event).toMatchObject({ outcome: 'done', done: COUNT });
    });
    expect(most).toBeGreaterThan(10);
    expect([listeners(soft), listeners(hard)]).toEqual([0, 0]);
    expect(warnings).toEqual([]);
  });
});
