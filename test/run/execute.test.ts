import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/canonical.js';
import type { RunEvent } from '../../src/core/events/run.js';
import { err, ok } from '../../src/core/result.js';
import type { Action } from '../../src/plan/model.js';
import { type ExecuteInput, type ExecuteOutcome, execute, type PerformInput } from '../../src/run/execute.js';
import { openGuards } from '../../src/run/guards.js';
import { foldRun, progressOf } from '../../src/run/progress.js';
import type { StepFailure } from '../../src/steps/failure.js';
import { immediateClock } from './immediate-clock.js';

const action = (id: string, part: Partial<Action> = {}): Action => ({
  id,
  step: 'test.step',
  title: id,
  scope: 'host',
  host: `h-${id}`,
  hosts: [`h-${id}`],
  params: null,
  after: [],
  changes: [{ kind: 'add', what: id }],
  risk: 'low',
  undo: { kind: 'inverse' },
  replay: 'exact',
  disruptive: false,
  expected: { seconds: 1 },
  ...part,
});

const failure = (kind: StepFailure['class']): StepFailure => ({ class: kind, code: 'x', message: kind });

interface World {
  readonly journal: RunEvent[];
  readonly effects: string[];
  running: string[];
  most: number;
}

const neverUsed = (): never => {
  throw new Error('no guard is there');
};

class Crash extends Error {}

/** One process life: it ends normally, or with a crash when the journal has reached `crashAfter` lines. */
const life = async (
  world: World,
  actions: readonly Action[],
  part: Partial<ExecuteInput> & {
    readonly crashAfter?: number;
    readonly fail?: (input: PerformInput) => StepFailure | undefined;
  },
): Promise<ExecuteOutcome> => {
  const progress = progressOf(world.journal);
  const succeeded = new Map<string, Readonly<Record<string, Json>>>();
  const attempts = new Map<string, number>();
  for (const [id, state] of progress.actions) {
    if (state.state === 'done') succeeded.set(id, state.outputs);
    else if (state.state === 'open') attempts.set(id, state.attempts);
  }
  let dead = false;
  return execute({
    run: 'r',
    actions,
    succeeded,
    memory: foldRun(world.journal).memory,
    attempts,
    concurrency: 4,
    clock: immediateClock(),
    spread: () => 0,
    record: (event) => {
      if (dead || world.journal.length >= (part.crashAfter ?? Number.POSITIVE_INFINITY)) {
        dead = true;
        return Promise.reject(new Crash());
      }
      world.journal.push(event);
      return Promise.resolve();
    },
    perform: async (input) => {
      const { id } = input.action;
      expect(world.journal.some((event) => event.type === 'action-intent' && event.action === id)).toBe(true);
      world.running.push(id);
      world.most = Math.max(world.most, world.running.length);
      await Promise.resolve();
      world.running = world.running.filter((other) => other !== id);
      const failed = part.fail?.(input);
      if (failed !== undefined) return err(failed);
      const held = world.effects.includes(id);
      const refused = held ? undefined : await input.mayStart();
      if (refused !== undefined) return err(refused);
      if (!held) world.effects.push(id);
      return ok({
        result: held ? ('held' as const) : ('changed' as const),
        outputs: { made: id },
        proof: 'seen',
      });
    },
    mayStart: () => Promise.resolve(undefined),
    guards: openGuards({
      guards: [],
      actions: [],
      kind: () => undefined,
      context: () => neverUsed(),
      clock: immediateClock(),
      onBreach: () => Promise.resolve(),
    }),
    soft: new AbortController().signal,
    hard: new AbortController().signal,
    ...part,
  });
};

const fresh = (): World => ({ journal: [], effects: [], running: [], most: 0 });

const graphs = fc
  .array(fc.tuple(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), fc.nat({ max: 3 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((nodes) =>
    nodes.map(([before, host], index) =>
      action(`a${index}`, {
        host: `h${host}`,
        hosts: [`h${host}`],
        after: [...new Set(before.filter((b) => b < index).map((b) => `a${b}`))],
      }),
    ),
  );

describe('execute', () => {
  it('runs every action once, after what it waits for, one at a time per host', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (actions) => {
        const world = fresh();
        const hostOf = new Map(actions.map(({ id, host }) => [id, host]));
        const result = await life(world, actions, {
          fail: ({ action: { id } }) => {
            const sameHost = world.running.filter(
              (other) => other !== id && hostOf.get(other) === hostOf.get(id),
            );
            expect(sameHost).toEqual([]);
            return undefined;
          },
        });
        expect(result.outcome).toBe('done');
        expect([...world.effects].sort()).toEqual(actions.map(({ id }) => id).sort());
        for (const { id, after } of actions) {
          for (const before of after)
            expect(world.effects.indexOf(before)).toBeLessThan(world.effects.indexOf(id));
        }
      }),
    );
  });

  it('ends in the same state after a crash at any journal line and a resume', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat({ max: 30 }), async (actions, crashAfter) => {
        const world = fresh();
        await life(world, actions, { crashAfter }).catch((reason: unknown) => {
          if (!(reason instanceof Crash)) throw reason;
        });
        const result = await life({ ...world, running: [] }, actions, {});
        expect(result.outcome).toBe('done');
        expect([...world.effects].sort()).toEqual(actions.map(({ id }) => id).sort());
      }),
    );
  });

  it('keeps back only what depends on a permanent failure', async () => {
    const actions = [action('a'), action('b', { after: ['a'] }), action('c'), action('d', { after: ['c'] })];
    const world = fresh();
    const result = await life(world, actions, {
      fail: ({ action: { id } }) => (id === 'a' ? failure('permanent') : undefined),
    });
    expect(result.outcome).toBe('stopped');
    expect(result.open).toEqual(['a', 'b']);
    expect(world.effects).toEqual(['c', 'd']);
  });

  it('tries a transient failure again within bounds and then gives up', async () => {
    const world = fresh();
    const flaky = await life(world, [action('a')], {
      fail: ({ attempt }) => (attempt < 3 ? failure('transient') : undefined),
    });
    expect(flaky.outcome).toBe('done');
    expect(world.journal.filter(({ type }) => type === 'action-intent')).toHaveLength(3);
    const dead = fresh();
    expect((await life(dead, [action('a')], { fail: () => failure('transient') })).outcome).toBe('stopped');
    expect(dead.journal.filter(({ type }) => type === 'action-intent')).toHaveLength(4);
  });

  it('starts nothing more after an unsafe failure and pauses when a person must decide', async () => {
    const actions = [
      action('a'),
      action('b', { after: ['a'] }),
      action('c', { host: 'h-a', hosts: ['h-a'] }),
    ];
    const unsafe = fresh();
    expect((await life(unsafe, actions, { fail: () => failure('unsafe') })).outcome).toBe('failed');
    expect(unsafe.effects).toEqual([]);
    const person = fresh();
    expect((await life(person, actions, { fail: () => failure('person') })).outcome).toBe('paused');
    expect(person.journal.filter(({ type }) => type === 'action-intent')).toHaveLength(1);
  });

  it('asks before each disruptive action that has something to do, and runs them one after another', async () => {
    const actions = ['a', 'b', 'c'].map((id) => action(id, { disruptive: true }));
    const world = fresh();
    const asked: string[] = [];
    await life(world, actions, {
      mayStart: ({ id }) => {
        asked.push(id);
        return Promise.resolve(undefined);
      },
    });
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(world.most).toBe(1);
    const held = { ...fresh(), effects: ['a', 'b', 'c'] };
    const never = { mayStart: () => Promise.reject(new Error('nothing is to be done')) };
    expect((await life(held, actions, never)).outcome).toBe('done');
    const refused = fresh();
    const result = await life(refused, actions, { mayStart: () => Promise.resolve(failure('unsafe')) });
    expect(result.outcome).toBe('failed');
    expect(refused.effects).toEqual([]);
  });

  it('keeps a rolling window full but never over its size', async () => {
    const actions = Array.from({ length: 9 }, (_, index) =>
      action(`a${index}`, { window: { group: 'agents', size: 2 } }),
    );
    const world = fresh();
    expect((await life(world, actions, { concurrency: 100 })).outcome).toBe('done');
    expect(world.most).toBe(2);
  });

  it('lets what runs finish after a soft stop and can be resumed', async () => {
    const actions = [action('a'), action('b', { after: ['a'] })];
    const world = fresh();
    const soft = new AbortController();
    const stopped = await life(world, actions, {
      soft: soft.signal,
      fail: () => {
        soft.abort();
        return undefined;
      },
    });
    expect(stopped).toMatchObject({ outcome: 'stopped', open: ['b'] });
    expect((await life(world, actions, {})).outcome).toBe('done');
    expect(world.effects).toEqual(['a', 'b']);
  });
});
