import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import { type Action, planSchema } from '../../src/plan/model.js';
import type { UndoInput } from '../../src/run/rollback/undo-input.js';
import { undoPlan } from '../../src/run/rollback/undo-plan.js';
import { setsApply } from '../../src/steps/sets/apply.js';
import { clusterFacts } from '../support/cluster-facts.js';
import { plainUndo } from './plain-undo.js';

const action = (set: string, after: readonly string[] = []): Action => ({
  id: `sets.apply/${set}`,
  step: 'sets.apply',
  title: `Apply ${set}`,
  scope: 'cluster',
  hosts: [],
  params: { set, digest: 'd', objects: 3, readyMs: 1000 },
  after: [...after],
  changes: [],
  risk: 'medium',
  undo: { kind: 'inverse' },
  replay: 'converges',
  disruptive: false,
  expected: { seconds: 1 },
});

const NEVER = { kind: 'irreversible', reason: 'it cannot' } as const;
const actions = [
  action('application/shop/api'),
  action('application/shop/web', ['sets.apply/application/shop/api']),
  { ...action('application/shop/fate'), undo: NEVER },
];

const plan = planSchema.parse({
  apiVersion: 'drover/v1',
  kind: 'Plan',
  formatVersion: 1,
  tool: '1',
  realm: 'real',
  cluster: { name: 'shop' },
  createdAt: '2026-11-21T10:00:00.000Z',
  specHash: 'spec',
  identities: {},
  relied: {},
  stages: [{ name: 'platform', goal: '', actions }],
  unchanged: {},
  notManaged: [],
  ignored: [],
  hash: 'plan',
});

const events = actions.flatMap(({ id }): RunEvent[] => [
  { type: 'action-intent', run: 'r', action: id, attempt: 1 } as unknown as RunEvent,
  { type: 'action-checkpoint', run: 'r', action: id, value: { before: true }, former: true },
]);

const wayBack = (only?: string, more: Partial<UndoInput> = {}) =>
  undoPlan({
    ...plainUndo,
    plan,
    events,
    surveys: new Map(),
    step: (id) => (id === setsApply.id ? setsApply : undefined),
    only,
    ...more,
  }).plan;

const idsOf = ({ stages }: ReturnType<typeof wayBack>): readonly string[] =>
  stages.flatMap((stage) => stage.actions.map(({ id }) => id));

describe('taking one object set of a run back', () => {
  it('touches that set alone, and says so', () => {
    const made = wayBack('application/shop/api');
    expect(idsOf(made)).toEqual(['undo/sets.apply/application/shop/api']);
    expect(made.takesBack).toEqual({ run: 'r', only: 'application/shop/api', stays: [] });
    expect(made.stages[0]?.goal).toBe('application/shop/api as it was before run r');
    expect(made.hash).not.toBe(wayBack().hash);
  });

  it('takes everything back without a name, the last first', () => {
    const made = wayBack();
    expect(idsOf(made)).toEqual([
      'undo/sets.apply/application/shop/web',
      'undo/sets.apply/application/shop/api',
    ]);
    expect(made.takesBack).toMatchObject({
      run: 'r',
      stays: [{ action: 'sets.apply/application/shop/fate' }],
    });
  });
});

describe('taking an object set back that made a claim', () => {
  const CLAIM = { key: 'shop/PersistentVolumeClaim/data', before: null };
  const touched = (...items: readonly { readonly key: string; readonly before: unknown }[]) => [
    ...events,
    {
      type: 'items-intent',
      run: 'r',
      action: 'sets.apply/application/shop/api',
      batch: 0,
      items,
    } as unknown as RunEvent,
  ];
  const volume = { name: 'pvc-1', claim: 'shop/data', capacity: '1Gi', reclaim: 'Delete' };
  const undoOf = (given: Partial<UndoInput>) =>
    wayBack('application/shop/api', given).stages[0]?.actions.map(({ undo, params }) => ({
      undo,
      agreed: (params as { readonly dataAgreed: boolean }).dataAgreed,
    }));

  it('names the data that goes with it, so that somebody has to agree', () => {
    expect(undoOf({ events: touched(CLAIM), cluster: clusterFacts({ volumes: [volume] }) })).toEqual([
      { undo: { kind: 'irreversible', reason: 'deletes the volumes of shop/data' }, agreed: true },
    ]);
  });

  it('asks nobody where there is none: no volume yet, a claim that was there before, or an API that does not answer', () => {
    const harmless = [{ undo: { kind: 'inverse' }, agreed: false }];
    const cluster = clusterFacts({ volumes: [volume] });
    const found = { ...CLAIM, before: { uid: 'u', sealed: 's' } };
    expect(undoOf({ events: touched(CLAIM), cluster: clusterFacts() })).toEqual(harmless);
    expect(undoOf({ events: touched(found), cluster })).toEqual(harmless);
    expect(undoOf({ events: touched(CLAIM) })).toEqual(harmless);
  });
});
