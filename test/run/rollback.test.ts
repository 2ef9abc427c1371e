import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import { err, ok } from '../../src/core/result.js';
import { assemble } from '../../src/plan/assemble.js';
import type { Plan } from '../../src/plan/model.js';
import { surveyScript } from '../../src/run/remote/compose.js';
import { begunIn } from '../../src/run/rollback/begun.js';
import { parseSurvey } from '../../src/run/rollback/survey.js';
import type { UndoInput } from '../../src/run/rollback/undo-input.js';
import { type UndoPlan, undoPlan } from '../../src/run/rollback/undo-plan.js';
import { withUndo } from '../../src/run/rollback/undo-step.js';
import { runPlan } from '../../src/run/run-plan.js';
import type { RunSummary } from '../../src/run/summary.js';
import { type AnyStep, defineStep } from '../../src/steps/step.js';
import { noOperator } from '../support/no-operator.js';
import { immediateClock } from './immediate-clock.js';
import { plainUndo } from './plain-undo.js';
import { Crash, hostWith, word } from './saving-host.js';

type Hosts = Readonly<Record<string, ReturnType<typeof hostWith>>>;

const common = {
  scope: 'host',
  reads: [],
  risk: 'low',
  replay: 'exact',
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
} as const;

type Written = { readonly files: Readonly<Record<string, string>>; readonly fails?: boolean };

const stepsOf = (hosts: Hosts): ((id: string) => AnyStep | undefined) => {
  const write = defineStep<Written, { readonly done: boolean }>({
    ...common,
    id: 'test.write',
    title: ({ files }) => `Write ${Object.keys(files).join(' and ')}`,
    undo: { kind: 'restorePoint' },
    observe: (_world, { host = '' }, { files }) => ({
      done: Object.entries(files).every(([path, text]) => hosts[host]?.host.files.get(path) === text),
    }),
    diff: (state, { files }) =>
      state?.done === true ? [] : Object.keys(files).map((what) => ({ kind: 'change', what })),
    apply: async (context, { files, fails }) => {
      const goals = Object.entries(files).map(([path, content]) => ({ path, content }));
      const done = await context.on(context.subject.host ?? '').files(goals);
      if (!done.ok) return done;
      return fails === true ? err({ class: 'permanent', code: 'command-failed', message: 'no' }) : ok({});
    },
    verify: () => Promise.resolve(ok({ text: 'written' })),
  });
  const forget = defineStep<{ readonly what: string }, null>({
    ...common,
    id: 'test.forget',
    title: ({ what }) => `Forget ${what}`,
    undo: { kind: 'irreversible', reason: 'nobody remembers it' },
    observe: () => undefined,
    diff: (_state, { what }) => [{ kind: 'remove', what }],
    apply: () => Promise.resolve(ok({})),
    verify: () => Promise.resolve(ok({ text: 'forgotten' })),
  });
  const all = new Map<string, AnyStep>([write, forget].map((step) => [step.id, step]));
  return (id) => all.get(id);
};

const goalOf = (
  step: AnyStep | undefined,
  [name, host]: readonly [string, string],
  params: object,
  after: readonly string[],
) => {
  if (step === undefined) throw new Error('no such step');
  return { id: name, step, params: params as never, host, hosts: [host], after };
};

const planOf = (hosts: Hosts, fails = false): Plan => {
  const write = stepsOf(hosts)('test.write');
  return assemble({
    tool: '1',
    realm: 'real',
    cluster: { name: 'c' },
    createdAt: '2026-11-21T10:00:00.000Z',
    specHash: 's',
    world: { hosts: new Map() },
    notManaged: [],
    ignored: [],
    stages: [
      {
        name: 'build',
        goal: 'files',
        goals: [
          goalOf(write, ['a', 'one'], { files: { '/x': 'a', '/new': 'a' } }, []),
          goalOf(write, ['b', 'one'], { files: { '/x': 'b' } }, ['a']),
          goalOf(write, ['c', 'two'], { files: { '/y': 'c', '/z': 'c' } }, []),
          goalOf(write, ['d', 'two'], { files: { '/y': 'd' }, fails }, ['b', 'c']),
        ],
      },
    ],
  });
};

const FOUND = { one: { '/x': 'old', '/kept': 'mine' }, two: { '/y': 'old' } };

const hostsAsFound = (): Hosts => ({ one: hostWith(FOUND.one), two: hostWith(FOUND.two) });

const filesOf = (hosts: Hosts) =>
  Object.fromEntries(
    Object.entries(hosts).map(([name, { host }]) => [name, Object.fromEntries([...host.files].sort())]),
  );

/** Where a process dies: when the journal has this many lines, before or just after the last of them is written. */
interface Crashing {
  readonly at: number;
  readonly written: boolean;
}

const NEVER: Crashing = { at: Number.POSITIVE_INFINITY, written: false };
const MOMENTS = [
  ['before a line is written', false],
  ['when a line was just written', true],
] as const;

/** One life of a process: it ends with the run, or dies. */
const life = async (
  hosts: Hosts,
  given: { readonly run: string; readonly mode: 'apply' | 'rollback'; readonly plan: Plan },
  journal: RunEvent[],
  crash = NEVER,
): Promise<RunSummary | undefined> => {
  let dead = false;
  const nothing = new AbortController().signal;
  const hostOf = (name: string) => {
    const host = hosts[name];
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  };
  try {
    return await runPlan({
      ...given,
      operator: 'me@desk',
      fencing: 1,
      past: [...journal],
      concurrency: 4,
      clock: immediateClock(),
      spread: () => 0,
      record: (event) => {
        dead ||= journal.length >= crash.at;
        if (dead) return Promise.reject(new Crash());
        journal.push(event);
        dead = crash.written && journal.length >= crash.at;
        return dead ? Promise.reject(new Crash()) : Promise.resolve();
      },
      show: () => undefined,
      ports: {
        step: withUndo(stepsOf(hosts)),
        observe: () => Promise.resolve({ hosts: new Map() }),
        effects: (action, host) => hostOf(host).effects(given.run, action.id, () => !dead),
        reads: (_action, host) => hostOf(host),
        kube: () => Promise.reject(new Error('no cluster')),
        operator: () => noOperator,
        objects: () => Promise.reject(new Error('no objects here')),
        itemsOf: () => Promise.reject(new Error('no items here')),
        secret: () => Promise.reject(new Error('no secrets')),
        keepSecret: () => Promise.reject(new Error('no secrets')),
      },
      guards: { kind: () => undefined, context: () => ({}) as never },
      replan: () => Promise.reject(new Error('no later stages')),
      mayStart: () => Promise.resolve(undefined),
      soft: nothing,
      hard: nothing,
    });
  } catch (reason) {
    if (!(reason instanceof Crash)) throw reason;
    return undefined;
  }
};

const undoOf = (
  hosts: Hosts,
  given: Pick<UndoInput, 'plan' | 'events' | 'surveys'> & Partial<UndoInput>,
): UndoPlan => undoPlan({ ...plainUndo, step: stepsOf(hosts), ...given });

const wayBack = async (hosts: Hosts, plan: Plan, events: readonly RunEvent[], overwrite = false) => {
  const ids = begunIn(plan, events).map(({ id }) => id);
  const surveys = new Map();
  for (const [name, { read }] of Object.entries(hosts)) {
    const told = await read(surveyScript('r', ids));
    if (told.ok) surveys.set(name, parseSurvey(told.value.stdout));
  }
  return undoOf(hosts, { plan, events, surveys, overwrite });
};

const actionsOf = (plan: Plan): readonly string[] =>
  plan.stages.flatMap(({ actions }) => actions.map(({ id }) => id));

describe('rolling a run back', () => {
  it.each(MOMENTS)('brings back what was found, wherever the run was killed %s', async (_when, written) => {
    for (let at = written ? 1 : 0; ; at += 1) {
      const hosts = hostsAsFound();
      const plan = planOf(hosts);
      const journal: RunEvent[] = [];
      const whole = await life(hosts, { run: 'r', mode: 'apply', plan }, journal, { at, written });
      const back = await wayBack(hosts, plan, journal);
      expect(back.foreign).toEqual([]);
      await life(hosts, { run: 'back', mode: 'rollback', plan: back.plan }, []);
      expect(filesOf(hosts)).toEqual(FOUND);
      expect(actionsOf((await wayBack(hosts, plan, journal)).plan)).toEqual([]);
      if (whole !== undefined) break;
    }
  });

  it.each(MOMENTS)(
    'ends in the same state when it is killed itself %s and resumed',
    async (_when, written) => {
      for (let at = written ? 1 : 0; ; at += 1) {
        const hosts = hostsAsFound();
        const plan = planOf(hosts, true);
        const journal: RunEvent[] = [];
        const failed = await life(hosts, { run: 'r', mode: 'apply', plan }, journal);
        expect(failed?.event).toMatchObject({ outcome: 'stopped', back: 'drover rollback r' });
        const given = {
          run: 'back',
          mode: 'rollback',
          plan: (await wayBack(hosts, plan, journal)).plan,
        } as const;
        const second: RunEvent[] = [];
        const whole = await life(hosts, given, second, { at, written });
        const resumed = whole ?? (await life(hosts, given, second));
        expect(resumed?.event).toMatchObject({ outcome: 'rolled-back', open: 0 });
        expect(resumed?.event.back).toBeUndefined();
        expect(filesOf(hosts)).toEqual(FOUND);
        if (whole !== undefined) break;
      }
    },
  );

  it('goes in the reverse order of what depended on what', async () => {
    const hosts = hostsAsFound();
    const plan = planOf(hosts);
    const journal: RunEvent[] = [];
    await life(hosts, { run: 'r', mode: 'apply', plan }, journal);
    const back = await wayBack(hosts, plan, journal);
    const after = Object.fromEntries(
      back.plan.stages.flatMap(({ actions }) => actions.map((action) => [action.id, action.after])),
    );
    expect(after['undo/d']).toEqual([]);
    expect(after['undo/b']).toContain('undo/d');
    expect(after['undo/c']).toContain('undo/d');
    expect(after['undo/a']).toContain('undo/b');
  });

  it('names what others have changed, pauses at it, and goes on when told to', async () => {
    const hosts = hostsAsFound();
    const plan = planOf(hosts);
    const journal: RunEvent[] = [];
    await life(hosts, { run: 'r', mode: 'apply', plan }, journal);
    hosts['two']?.host.files.set('/z', 'by hand');
    const back = await wayBack(hosts, plan, journal);
    expect(back.foreign).toMatchObject([{ host: 'two', thing: { name: '/z', now: 'by hand' } }]);
    const paused = await life(hosts, { run: 'back', mode: 'rollback', plan: back.plan }, []);
    expect(paused?.event).toMatchObject({ outcome: 'paused', next: 'drover rollback --resume back' });
    expect(paused?.failures).toMatchObject([{ code: 'rollback-foreign', class: 'person', cause: 'file /z' }]);
    expect(hosts['two']?.host.files.get('/z')).toBe('by hand');
    const told = await wayBack(hosts, plan, journal, true);
    expect(told.foreign).toEqual([]);
    await life(hosts, { run: 'again', mode: 'rollback', plan: told.plan }, []);
    expect(filesOf(hosts)).toEqual(FOUND);
  });

  it('names what cannot be put back because its saved state is damaged, and leaves only that when told to', async () => {
    const hosts = hostsAsFound();
    const plan = planOf(hosts);
    const journal: RunEvent[] = [];
    await life(hosts, { run: 'r', mode: 'apply', plan }, journal);
    const saved = { things: 2, digest: 'd' };
    journal.push({ type: 'action-saved', run: 'r', action: 'a', host: 'one', things: 1, digest: 'c' });
    journal.push({ type: 'action-saved', run: 'r', action: 'a', host: 'one', ...saved });
    const damaged = `@ a\n1 file damaged ${word('/x')} ${word('old')} ${word('a')}\n2 file left ${word('/new')} ${word('absent')} ${word('a')}`;
    const surveys = new Map([['one', parseSurvey(damaged)]]);
    const refused = undoOf(hosts, { plan, events: journal, surveys });
    expect(refused.damaged).toMatchObject([{ host: 'one', thing: { name: '/x' } }]);
    const told = undoOf(hosts, { plan, events: journal, surveys, leaveDamaged: true });
    expect(told.damaged).toEqual([]);
    expect(told.plan.stages[0]?.actions).toMatchObject([
      {
        id: 'undo/a',
        params: { leaveDamaged: true, saved: { one: saved } },
        changes: [
          { kind: 'warn', what: '/x: what was saved is damaged; it stays as it is' },
          { kind: 'remove', what: '/new' },
        ],
      },
    ]);
  });

  it('lists what cannot be taken back, with the reason, and leaves it', async () => {
    const hosts = hostsAsFound();
    const goal = goalOf(stepsOf(hosts)('test.forget'), ['gone', 'one'], { what: 'it' }, ['a']);
    const base = planOf(hosts);
    const forget = { ...base.stages[0]!.actions[0]!, id: 'gone', step: 'test.forget', title: 'Forget it' };
    const action = {
      ...forget,
      params: goal.params,
      undo: { kind: 'irreversible' as const, reason: 'nobody remembers it' },
      after: ['a'],
    };
    const stage = { ...base.stages[0]!, actions: [...base.stages[0]!.actions, action] };
    const plan = { ...base, stages: [stage] };
    const journal: RunEvent[] = [];
    await life(hosts, { run: 'r', mode: 'apply', plan }, journal);
    const back = await wayBack(hosts, plan, journal);
    expect(back.plan.takesBack).toEqual({
      run: 'r',
      stays: [{ action: 'gone', title: 'Forget it', reason: 'nobody remembers it' }],
    });
    expect(actionsOf(back.plan)).not.toContain('undo/gone');
  });
});
