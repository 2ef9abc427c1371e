import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../src/plan/goal.js';
import type { Guard } from '../../src/plan/model.js';
import { spendingOf } from '../../src/run/guard-budget.js';
import type { AnyGuard, GuardSample } from '../../src/steps/guard.js';
import { Crash, goalOf, live, type MadeUp, madeUp, planOf, stepsOf } from './made-up.js';
import { patientClock } from './patient-clock.js';

const guard = (part: Partial<Guard> = {}): Guard => ({
  id: 'watch',
  kind: 'test.guard',
  title: 'the value answers',
  params: null,
  hosts: [],
  during: [],
  budget: { longestMs: 0, totalMs: 0, silentMs: 1_000 },
  onBreach: 'stop',
  ...part,
});

const sample = (good: boolean): GuardSample => ({ subject: 's', ok: good, detail: good ? 'fine' : 'gone' });

/** Three values on one host, one after another, under guards. */
const chain = (world: MadeUp, guards: readonly Guard[]): StageGoal[] => {
  const { set } = stepsOf(world);
  const goals = ['a', 'b', 'c'].map((key) => ({
    ...goalOf(set, 'h', { params: { key, value: 1 } }),
    id: key,
  }));
  return [{ name: 'only', goal: 'three values', goals, guards }];
};

/** Says that all is well until `spoil` says otherwise; looks again whenever the world has a new effect. */
const watcher = (world: MadeUp, spoil: () => boolean, log: string[] = []): AnyGuard => ({
  id: 'test.guard',
  title: () => 'a made-up guard',
  watch: async function* ({ signal }) {
    log.push('armed');
    try {
      yield sample(true);
      let seen = world.effects.length;
      while (!signal.aborted) {
        if (world.effects.length !== seen) {
          seen = world.effects.length;
          yield sample(!spoil());
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      log.push('cleaned up');
    }
  },
});

/** Records like a disk: other things happen meanwhile, so that guards see what an action did before the next one. */
const slowly =
  (world: MadeUp) =>
  async (event: MadeUp['journal'][number]): Promise<void> => {
    world.journal.push(event);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

const breaches = (world: MadeUp) => world.journal.filter(({ type }) => type === 'guard-breach');

describe('the budget of a guard', () => {
  const budget = { longestMs: 100, totalMs: 150, silentMs: 1_000 };

  it('is spent by one long outage', () => {
    const spending = spendingOf(budget);
    expect(spending.add(sample(true), 0)).toBeUndefined();
    expect(spending.add(sample(false), 10)).toBeUndefined();
    expect(spending.add(sample(false), 109)).toBeUndefined();
    expect(spending.add(sample(false), 110)).toContain('s was away for 100 ms');
  });

  it('is spent by many short ones together, each counted until the next good answer', () => {
    const spending = spendingOf(budget);
    const times = [0, 10, 90, 100, 175];
    const seen = times.map((at, index) => spending.add(sample(index % 2 === 0), at));
    expect(seen.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(seen[4]).toContain('155 ms in all');
  });

  it('counts for each subject alone, and nothing for one that never answered', () => {
    const spending = spendingOf({ ...budget, longestMs: 0 });
    expect(spending.add({ ...sample(false), subject: 'never' }, 0)).toBeUndefined();
    expect(spending.add({ ...sample(false), subject: 'never' }, 9_999)).toBeUndefined();
    expect(spending.add(sample(true), 0)).toBeUndefined();
    expect(spending.add(sample(false), 1)).toContain('s was away');
  });
});

describe('guards of a stage', () => {
  it('look before the first action and clean up after the last', async () => {
    const world = madeUp();
    const log: string[] = [];
    const stages = chain(world, [guard()]);
    const { event, breach } = await live(world, {
      plan: planOf(stages),
      stages,
      guards: [watcher(world, () => (log.push(`saw ${world.effects.length}`), false), log)],
      part: { clock: patientClock() },
    });
    expect(event.outcome).toBe('done');
    expect(breach).toBeUndefined();
    expect(log[0]).toBe('armed');
    expect(log.at(-1)).toBe('cleaned up');
  });

  it.each([
    ['stop', 'stopped'],
    ['pause', 'paused'],
    ['rollback', 'failed'],
  ] as const)(
    '%s the run when the budget is spent: nothing more starts, and it is in the journal',
    async (decision, outcome) => {
      const world = madeUp();
      const stages = chain(world, [guard({ onBreach: decision })]);
      const summary = await live(world, {
        plan: planOf(stages),
        stages,
        guards: [watcher(world, () => true)],
        part: { clock: patientClock(), record: slowly(world) },
      });
      expect(summary.event).toMatchObject({ outcome });
      expect(summary.event.why).toContain('the guard "the value answers" broke its budget');
      expect(summary.breach).toEqual({ guard: 'watch', decision });
      expect(breaches(world)).toHaveLength(1);
      expect(world.values.has('c')).toBe(false);
    },
  );

  it('watch only over the actions that they name', async () => {
    const world = madeUp();
    const log: string[] = [];
    const stages = chain(world, [guard({ during: ['b'] })]);
    const seen: string[] = [];
    const { event } = await live(world, {
      plan: planOf(stages),
      stages,
      guards: [watcher(world, () => (seen.push(world.effects.at(-1) ?? ''), false), log)],
      part: { clock: patientClock(), record: slowly(world) },
    });
    expect(event.outcome).toBe('done');
    expect(log).toEqual(['armed', 'cleaned up']);
    expect(seen).toEqual(['b=1']);
  });

  it.each<[string, AnyGuard['watch'] | undefined, string]>([
    ['are unknown', undefined, 'this version has no guard'],
    [
      'end by themselves',
      async function* () {
        yield await Promise.resolve(sample(true));
      },
      'it stopped looking',
    ],
    [
      'fail',
      () => {
        throw new Error('no probe');
      },
      'no probe',
    ],
  ])('break when they %s: what sees nothing guards nothing', async (_name, watch, detail) => {
    const world = madeUp();
    const stages = chain(world, [guard({ onBreach: 'pause' })]);
    const { event } = await live(world, {
      plan: planOf(stages),
      stages,
      guards: watch === undefined ? [] : [{ id: 'test.guard', title: () => 'blind', watch }],
      part: { clock: patientClock() },
    });
    expect(event.outcome).toBe('paused');
    expect(event.why).toContain(detail);
  });

  it('break when they are silent for too long', async () => {
    const world = madeUp();
    const stages = chain(world, [guard()]);
    const silent: AnyGuard = {
      id: 'test.guard',
      title: () => 'silent',
      watch: async function* ({ signal }) {
        await once(signal, 'abort');
        yield sample(true);
      },
    };
    const { event } = await live(world, { plan: planOf(stages), stages, guards: [silent] });
    expect(event.outcome).toBe('stopped');
    expect(event.why).toContain('it has seen nothing for 1000 ms');
    expect(world.values.size).toBe(0);
  });

  it('do not hold up who asks to stop while they get ready', async () => {
    const world = madeUp();
    const stages = chain(world, [guard()]);
    const soft = new AbortController();
    const slow: AnyGuard = {
      id: 'test.guard',
      title: () => 'slow',
      watch: async function* ({ signal }) {
        setImmediate(() => soft.abort());
        await once(signal, 'abort');
        yield sample(true);
      },
    };
    const part = { clock: patientClock(), soft: soft.signal };
    const { event } = await live(world, { plan: planOf(stages), stages, guards: [slow], part });
    expect(event).toMatchObject({ outcome: 'stopped', why: 'it was asked to stop' });
    expect(world.values.size).toBe(0);
  });

  it('stand again after a kill at every line of the journal', async () => {
    const calm = madeUp();
    const plan = planOf(chain(calm, [guard()]));
    await live(calm, {
      plan,
      stages: [],
      guards: [watcher(calm, () => false)],
      part: { clock: patientClock() },
    });
    for (let crashAfter = 0; crashAfter < calm.journal.length; crashAfter += 1) {
      const world = madeUp();
      const armed: string[] = [];
      const life = {
        plan,
        stages: [],
        guards: [watcher(world, () => false, armed)],
        part: { clock: patientClock() },
      };
      await expect(live(world, { ...life, crashAfter })).rejects.toThrow(Crash);
      const before = world.values.size;
      armed.length = 0;
      const { event } = await live(world, life);
      expect(event.outcome).toBe('done');
      expect(world.values).toEqual(calm.values);
      if (before < 3) expect(armed).toContain('armed');
    }
  });
});
