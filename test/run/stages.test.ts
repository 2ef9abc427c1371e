import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../src/plan/goal.js';
import type { Envelope } from '../../src/plan/model.js';
import { Crash, goalOf, live, type MadeUp, madeUp, planOf, stepsOf } from './made-up.js';

const envelope = (part: Partial<Envelope> = {}): Envelope => ({
  steps: ['test.set', 'test.many'],
  hosts: ['h1', 'h2'],
  highestRisk: 'low',
  irreversible: false,
  ...part,
});

/** Two stages: the first makes a secret and a value, the second uses both and makes many objects. */
const journey = (world: MadeUp, bounds: Envelope = envelope()): StageGoal[] => {
  const { set, secret, many } = stepsOf(world);
  const keys = Array.from({ length: 9 }, (_, index) => `o${index}`);
  return [
    {
      name: 'first',
      goal: 'a base',
      goals: [
        goalOf(secret, 'operator', { params: { handle: 'token' } }),
        goalOf(set, 'h1', { params: { key: 'a', value: 1 } }),
      ],
    },
    {
      name: 'second',
      goal: 'what stands on it',
      envelope: bounds,
      goals: [
        goalOf(set, 'h2', { params: { key: 'b', value: { from: 'test.set/h1', output: 'made' } } }),
        goalOf(many, 'cluster', { params: { keys }, after: ['test.set/h2'] }),
      ],
    },
  ];
};

describe('later stages', () => {
  it('state a goal and an envelope in the plan, and are planned with the outputs of what ran', async () => {
    const world = madeUp();
    const stages = journey(world);
    const plan = planOf(stages);
    expect(plan.stages[1]).toMatchObject({ name: 'second', actions: [], envelope: { highestRisk: 'low' } });
    const { event } = await live(world, { plan, stages });
    expect(event).toMatchObject({ outcome: 'done', state: 'all 4 actions done and proven' });
    expect(world.values.get('b')).toBe('a is 1');
    expect(world.values.size).toBe(11);
    const started = world.journal.find((each) => each.type === 'stage-start' && each.stage === 'second');
    expect(started).toMatchObject({ planned: [{ id: 'test.set/h2' }, { id: 'test.many/cluster' }] });
  });

  it('are left out of the plan when they hold, and refer to outputs of what holds', async () => {
    const world = madeUp();
    await live(world, { plan: planOf(journey(world)), stages: journey(world) });
    const again = planOf(journey(world));
    expect(again.stages).toEqual([{ name: 'first', goal: 'a base', actions: [] }]);
    world.values.delete('b');
    const mended = planOf(journey(world));
    const { event } = await live({ ...world, journal: [] }, { plan: mended, stages: journey(world) });
    expect(event.outcome).toBe('done');
    expect(world.values.get('b')).toBe('a is 1');
  });

  it.each([
    ['another step', { steps: ['test.set'] }, 'test.many is no step of this stage'],
    ['another host', { hosts: ['h1'] }, 'h2 is no host of this stage'],
    ['more risk', { highestRisk: 'none' as const }, 'its risk is low, at most none was agreed to'],
  ])('pause the run before they begin when they would touch %s', async (_name, part, reason) => {
    const world = madeUp();
    const stages = journey(world, envelope(part));
    const plan = planOf(stages);
    const paused = await live(world, { plan, stages });
    expect(paused.event).toMatchObject({ outcome: 'paused', done: 2 });
    expect(paused.event.why).toContain(reason);
    expect(world.values.has('b')).toBe(false);
    const accept = /--accept (\w+)/.exec(paused.event.next ?? '')?.[1];
    const wrong = await live(world, { plan, stages, part: { accept: '000000000000' } });
    expect(wrong.event.outcome).toBe('paused');
    const resumed = await live(world, { plan, stages, part: { accept } });
    expect(resumed.event.outcome).toBe('done');
  });

  it('end as undisturbed after a kill at every line of the journal', async () => {
    const calm = madeUp();
    const stages = journey(calm);
    const plan = planOf(stages);
    await live(calm, { plan, stages });
    for (let crashAfter = 0; crashAfter < calm.journal.length; crashAfter += 1) {
      const world = madeUp();
      const goals = journey(world);
      await expect(live(world, { plan, stages: goals, crashAfter })).rejects.toThrow(Crash);
      const { event } = await live(world, { plan, stages: goals });
      expect(event).toMatchObject({ outcome: 'done', done: 4, open: 0 });
      expect(world.values).toEqual(calm.values);
      expect(world.secrets).toEqual(calm.secrets);
    }
  });

  it('keep secrets out of the journal: a handle stands for the value', async () => {
    const world = madeUp();
    const stages = journey(world);
    await live(world, { plan: planOf(stages), stages });
    expect(world.secrets.get('token')).toBe('hush');
    expect(JSON.stringify(world.journal)).not.toContain('hush');
    expect(world.journal).toContainEqual(
      expect.objectContaining({ type: 'action-done', outputs: { token: { secret: 'token' } } }),
    );
  });
});
