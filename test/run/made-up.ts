import { replanFrom } from '../../src/app/cluster/replan.js';
import type { Json } from '../../src/core/canonical.js';
import type { RunEvent } from '../../src/core/events/run.js';
import { ok } from '../../src/core/result.js';
import { assemble } from '../../src/plan/assemble.js';
import type { Goal, StageGoal } from '../../src/plan/goal.js';
import type { Plan } from '../../src/plan/model.js';
import { type RunInput, runPlan } from '../../src/run/run-plan.js';
import type { RunSummary } from '../../src/run/summary.js';
import type { AnyGuard } from '../../src/steps/guard.js';
import { eachItem } from '../../src/steps/items.js';
import { type AnyStep, defineStep, type World } from '../../src/steps/step.js';
import { noOperator } from '../support/no-operator.js';
import { immediateClock } from './immediate-clock.js';

export class Crash extends Error {}

/** A world of named values, and a journal: all that outlives a process. */
export interface MadeUp {
  readonly values: Map<string, Json>;
  readonly journal: RunEvent[];
  readonly secrets: Map<string, string>;
  /** Every effect, in order; an effect that is repeated on a value that held is told apart. */
  readonly effects: string[];
}

export const madeUp = (): MadeUp => ({ values: new Map(), journal: [], secrets: new Map(), effects: [] });

const common = {
  reads: [],
  risk: 'low',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
} as const;

type Valued = { readonly key: string; readonly value: Json };

/**
 * Steps over a made-up world, one for each thing that plans and runs must be able to do. A process that is dead changes
 * nothing any more.
 */
export const stepsOf = (world: MadeUp, isDead: () => boolean = () => false) => {
  const put = (key: string, value: Json): void => {
    if (isDead()) throw new Crash();
    world.effects.push(`${key}=${JSON.stringify(value)}`);
    world.values.set(key, value);
  };

  const set = defineStep<Valued, { readonly value: Json }>({
    ...common,
    id: 'test.set',
    scope: 'host',
    replay: 'converges',
    title: ({ key, value }) => `Set ${key} to ${JSON.stringify(value)}`,
    observe: (_world, _subject, { key }) => ({ value: world.values.get(key) ?? null }),
    diff: (state, { key, value }) => (state?.value === value ? [] : [{ kind: 'change', what: key }]),
    apply: (_context, { key, value }) => {
      put(key, value);
      return Promise.resolve(ok({ made: `${key} is ${JSON.stringify(value)}` }));
    },
    outputs: (state, { key }) => ({ made: `${key} is ${JSON.stringify(state.value)}` }),
    verify: (_context, { key, value }) => {
      if (world.values.get(key) !== value) throw new Error(`${key} was not proven`);
      return Promise.resolve(ok({ text: 'seen' }));
    },
  });

  const secret = defineStep<{ readonly handle: string }, { readonly there: boolean }>({
    ...common,
    id: 'test.secret',
    scope: 'operator',
    replay: 'exact',
    title: ({ handle }) => `Make ${handle}`,
    observe: (_world, _subject, { handle }) => ({ there: world.secrets.has(handle) }),
    diff: (state, { handle }) =>
      state?.there === true ? [] : [{ kind: 'add', what: handle, sensitive: true }],
    apply: async (context, { handle }) => {
      const kept = await context.keepSecret(handle, Buffer.from('hush'));
      return kept.ok ? ok({ token: kept.value }) : kept;
    },
    outputs: (_state, { handle }) => ({ token: { secret: handle } }),
    verify: () => Promise.resolve(ok({ text: 'kept' })),
  });

  const many = defineStep<{ readonly keys: readonly string[] }, { readonly missing: readonly string[] }>({
    ...common,
    id: 'test.many',
    scope: 'cluster',
    replay: 'converges',
    title: ({ keys }) => `Make ${keys.length} objects`,
    observe: (_world, _subject, { keys }) => ({ missing: keys.filter((key) => !world.values.has(key)) }),
    diff: (state) => (state?.missing ?? []).map((what) => ({ kind: 'add', what })),
    apply: async (context, { keys }) => {
      const made = await eachItem({
        log: context.items,
        items: keys.map((key) => ({ key, before: world.values.get(key) ?? null })),
        batch: 4,
        concurrency: 2,
        signal: context.signal,
        work: ({ key }) => {
          put(key, 'object');
          return Promise.resolve(ok(undefined));
        },
      });
      return made.ok ? ok({ done: made.value.done }) : made;
    },
    outputs: () => ({ done: 0 }),
    verify: (_context, { keys }) => {
      if (keys.some((key) => !world.values.has(key))) throw new Error('objects were not proven');
      return Promise.resolve(ok({ text: 'all there' }));
    },
  });

  /** Two effects with a checkpoint between them. */
  const halves = defineStep<{ readonly key: string }, { readonly whole: boolean }>({
    ...common,
    id: 'test.halves',
    scope: 'cluster',
    replay: 'converges',
    title: ({ key }) => `Make both halves of ${key}`,
    observe: (_world, _subject, { key }) => ({ whole: world.values.has(`${key}.2`) }),
    diff: (state, { key }) => (state?.whole === true ? [] : [{ kind: 'add', what: key }]),
    apply: async (context, { key }) => {
      if (context.resumed !== 'half') {
        put(`${key}.1`, 'made');
        await context.checkpoint('half');
      }
      put(`${key}.2`, 'made');
      return ok({});
    },
    verify: () => Promise.resolve(ok({ text: 'whole' })),
  });

  return { set, secret, many, halves };
};

export const goalOf = (
  step: AnyStep,
  where: string,
  part: Partial<Goal> & { readonly params: Json },
): Goal => ({
  id: `${step.id}/${where}`,
  step,
  hosts: step.scope === 'host' ? [where] : [],
  ...(step.scope === 'host' ? { host: where } : {}),
  after: [],
  ...part,
});

export const EMPTY: World = { hosts: new Map() };

export const planOf = (stages: readonly StageGoal[]): Plan =>
  assemble({
    tool: '0',
    realm: 'lab/test',
    cluster: { name: 'made-up' },
    createdAt: '2026-01-01T00:00:00.000Z',
    specHash: 'x',
    world: EMPTY,
    stages,
    notManaged: [],
    ignored: [],
  });

export interface Life {
  readonly plan: Plan;
  /** What shall hold, for stages that are planned when they start. */
  readonly stages: readonly StageGoal[];
  readonly crashAfter?: number;
  /** The line that is the last one is on disk, but nobody is there any more to go on. */
  readonly written?: boolean;
  /** Writing takes a while, as on a disk: guards see what an action did before the next one begins. */
  readonly slow?: boolean;
  readonly guards?: readonly AnyGuard[];
  /** Further steps of the plan. */
  readonly steps?: readonly AnyStep[];
  readonly part?: Partial<RunInput>;
}

/** One process life over a made-up world; dies with {@link Crash} when the journal has `crashAfter` lines. */
export const live = async (
  world: MadeUp,
  { plan, stages, crashAfter, written, slow, guards, steps: more = [], part }: Life,
): Promise<RunSummary> => {
  let dead = false;
  const steps: Readonly<Record<string, AnyStep>> = Object.fromEntries(
    [...Object.values(stepsOf(world, () => dead)), ...more].map((step): [string, AnyStep] => [step.id, step]),
  );
  const clock = part?.clock ?? immediateClock();
  return runPlan({
    run: 'r',
    mode: 'apply',
    plan,
    operator: 'me@here',
    fencing: 1,
    past: [...world.journal],
    concurrency: 4,
    clock,
    spread: () => 0,
    record: async (event) => {
      for (let turn = 0; slow === true && turn < 5; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      if (dead || world.journal.length >= (crashAfter ?? Number.POSITIVE_INFINITY)) {
        dead = true;
        throw new Crash();
      }
      world.journal.push(event);
      dead = written === true && world.journal.length >= (crashAfter ?? Number.POSITIVE_INFINITY);
      if (dead) throw new Crash();
    },
    show: () => undefined,
    ports: {
      step: (id) => steps[id],
      observe: () => Promise.resolve(EMPTY),
      effects: () => Promise.reject(new Error('no hosts here')) as never,
      reads: () => Promise.reject(new Error('no hosts here')) as never,
      kube: () => Promise.reject(new Error('no cluster here')),
      operator: () => noOperator,
      objects: () => Promise.reject(new Error('no objects here')),
      itemsOf: () => Promise.reject(new Error('no items here')),
      secret: () => Promise.reject(new Error('nobody asks')),
      keepSecret: (handle, value) => {
        if (dead) return Promise.reject(new Crash());
        if (!world.secrets.has(handle)) world.secrets.set(handle, Buffer.from(value).toString());
        return Promise.resolve(ok({ secret: handle }));
      },
    },
    guards: {
      kind: (id) => guards?.find((guard) => guard.id === id),
      context: (_guard, signal) => ({
        run: 'r',
        hosts: [],
        clock,
        signal,
        read: () => Promise.reject(new Error('no hosts here')) as never,
        open: () => Promise.reject(new Error('no hosts here')),
        callUrl: () => Promise.reject(new Error('no network here')),
        keep: () => undefined,
        kube: () => Promise.reject(new Error('no cluster here')),
      }),
    },
    replan: replanFrom(() => Promise.resolve(ok({ world: EMPTY, stages }))),
    mayStart: () => Promise.resolve(undefined),
    soft: new AbortController().signal,
    hard: new AbortController().signal,
    ...part,
  });
};
