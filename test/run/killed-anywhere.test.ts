import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../src/plan/goal.js';
import type { Guard } from '../../src/plan/model.js';
import type { RunSummary } from '../../src/run/summary.js';
import type { AnyGuard } from '../../src/steps/guard.js';
import { Crash, goalOf, type Life, live, type MadeUp, madeUp, planOf, stepsOf } from './made-up.js';
import { patientClock } from './patient-clock.js';

/** Everything that a journal can hold of an apply, in one plan: secrets, outputs, checkpoints, items, a later stage. */
const everything = (world: MadeUp, highestRisk: 'none' | 'low'): StageGoal[] => {
  const { set, secret, many, halves } = stepsOf(world);
  const keys = Array.from({ length: 9 }, (_, index) => `o${index}`);
  const envelope = {
    steps: ['test.set', 'test.many', 'test.halves'],
    hosts: ['h1', 'h2'],
    highestRisk,
    irreversible: false,
  };
  return [
    {
      name: 'first',
      goal: 'a base',
      goals: [
        goalOf(secret, 'operator', { params: { handle: 'token' } }),
        goalOf(set, 'h1', { params: { key: 'a', value: 1 } }),
        goalOf(halves, 'cluster', { params: { key: 'h' }, after: ['test.set/h1'] }),
      ],
    },
    {
      name: 'second',
      goal: 'what stands on it',
      envelope,
      goals: [
        goalOf(set, 'h2', { params: { key: 'b', value: { from: 'test.set/h1', output: 'made' } } }),
        goalOf(many, 'cluster', { params: { keys }, after: ['test.set/h2'] }),
      ],
    },
  ];
};

const watched = (onBreach: Guard['onBreach']): Guard => ({
  id: 'watch',
  kind: 'test.guard',
  title: 'the value answers',
  params: null,
  hosts: [],
  during: [],
  budget: { longestMs: 0, totalMs: 0, silentMs: 60_000 },
  onBreach,
});

/** Three values one after another under a guard. */
const chain = (world: MadeUp, onBreach: Guard['onBreach']): StageGoal[] => {
  const { set } = stepsOf(world);
  const goals = ['a', 'b', 'c'].map((key) => ({
    ...goalOf(set, 'h', { params: { key, value: 1 } }),
    id: key,
  }));
  return [{ name: 'only', goal: 'three values', goals, guards: [watched(onBreach)] }];
};

const sample = (good: boolean) => ({ subject: 's', ok: good, detail: good ? 'fine' : 'gone' });

/** Sees `b` break what it watches, as long as `world` says so. */
const breakable = (world: MadeUp, broken: { now: boolean }): AnyGuard => ({
  id: 'test.guard',
  title: () => 'a made-up guard',
  watch: async function* ({ signal }) {
    yield sample(true);
    while (!signal.aborted) {
      if (broken.now && world.values.has('b')) yield sample(false);
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
});

interface Kind {
  readonly stages: (world: MadeUp) => StageGoal[];
  /** Lives of a run over a world until it ends well; every one but the last may end in another way. */
  readonly lives: (world: MadeUp, life: (part?: Partial<Life>) => Promise<RunSummary>) => Promise<RunSummary>;
}

const acceptOf = ({ event }: RunSummary): string | undefined => /--accept (\w+)/.exec(event.next ?? '')?.[1];

const slowly = () => ({ slow: true, part: { clock: patientClock() } });

const breached = (onBreach: Guard['onBreach']): Kind => ({
  stages: (world) => chain(world, onBreach),
  lives: async (world, life) => {
    // What was breached in an earlier life has been mended since, as a person does before resuming.
    const mended = world.journal.some(({ type }) => type === 'run-done' || type === 'guard-breach');
    const first = await life({ ...slowly(), guards: [breakable(world, { now: !mended })] });
    if (first.event.outcome === 'done') return first;
    return life({ ...slowly(), guards: [breakable(world, { now: false })] });
  },
});

const KINDS: Readonly<Record<string, Kind>> = {
  'an apply with a later stage, a checkpoint and items': {
    stages: (world) => everything(world, 'low'),
    lives: (_world, life) => life(),
  },
  'a stage that pauses outside its envelope and is agreed to': {
    stages: (world) => everything(world, 'none'),
    lives: async (_world, life) => {
      const paused = await life();
      const accept = acceptOf(paused);
      return accept === undefined ? paused : life({ part: { accept } });
    },
  },
  'a guard that stops the run': breached('stop'),
  'a guard that pauses the run': breached('pause'),
  'a guard that asks for the way back, and the run is resumed instead': breached('rollback'),
};

/** Runs all lives of a kind; dies once at the given line. How many lines there are in the end, and the world. */
const liveThrough = async (kind: Kind, crash?: Pick<Life, 'crashAfter' | 'written'>) => {
  const world = madeUp();
  const stages = kind.stages(world);
  const plan = planOf(stages);
  let armed = crash !== undefined;
  const life = (part: Partial<Life> = {}): Promise<RunSummary> =>
    live(world, { plan, stages, ...part, ...(armed ? crash : {}) });
  for (;;) {
    try {
      return { world, summary: await kind.lives(world, life), crashed: crash !== undefined && !armed };
    } catch (reason) {
      if (!(reason instanceof Crash)) throw reason;
      armed = false;
    }
  }
};

describe.each(Object.entries(KINDS))('%s', (_name, kind) => {
  it.each([
    ['before a line is written', false],
    ['when a line was just written', true],
  ])('ends as undisturbed after a kill at every point of its journal, %s', async (_when, written) => {
    const calm = await liveThrough(kind);
    expect(calm.summary.event).toMatchObject({ outcome: 'done', open: 0 });
    const points = calm.world.journal.length;
    expect(points).toBeGreaterThan(8);
    for (let at = written ? 1 : 0; at < points; at += 1) {
      const { world, summary, crashed } = await liveThrough(kind, { crashAfter: at, written });
      expect(crashed, `line ${at}`).toBe(true);
      expect(summary.event, `line ${at}`).toMatchObject({ outcome: 'done', open: 0 });
      expect(world.values, `line ${at}`).toEqual(calm.world.values);
      expect(world.secrets).toEqual(calm.world.secrets);
      // An effect whose result is on disk is never made again; at most the one that was under way is.
      const repeated = world.effects.length - new Set(world.effects).size;
      expect(repeated, `line ${at}: ${world.effects.join(' ')}`).toBeLessThanOrEqual(written ? 0 : 4);
    }
  });
});
