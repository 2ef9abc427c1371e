import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import { assemble } from '../../../src/plan/assemble.js';
import { undoPlan } from '../../../src/run/rollback/undo-plan.js';
import { drillStop } from '../../../src/steps/drill/stop.js';
import type { AnyStep } from '../../../src/steps/step.js';
import { plainUndo } from '../plain-undo.js';

const planOf = (step: AnyStep) =>
  assemble({
    tool: '1',
    realm: 'real',
    cluster: { name: 'c' },
    createdAt: '2026-11-21T10:00:00.000Z',
    specHash: 'spec',
    world: { hosts: new Map() },
    notManaged: [],
    ignored: [],
    stages: [
      {
        name: 'drill',
        goal: 'loss',
        goals: [
          {
            id: 'drill.stop/s2',
            step,
            params: { node: 's2', role: 'server', limitSeconds: 600 },
            host: 's2',
            hosts: ['s2'],
            after: [],
            expected: { seconds: 10, interruption: 's2 is away' },
          },
        ],
      },
    ],
  });

const undone = (step: AnyStep) => {
  const own = { action: 'drill.stop/s2', at: '2026-11-21T10:00:00.000Z' };
  const events = [
    { ...own, type: 'action-intent', step: step.id, title: 'Stop', host: 's2', attempt: 1 },
    { ...own, type: 'action-checkpoint', value: { active: true }, former: true },
    { ...own, type: 'action-done', outputs: {}, proof: 'stopped' },
  ] as never as readonly RunEvent[];
  const { plan } = undoPlan({
    ...plainUndo,
    plan: planOf(step),
    events,
    surveys: new Map(),
    step: () => step,
    remaining: ['s1', 's3'],
  });
  return plan.stages[0]?.actions.map(({ id, disruptive, expected }) => ({ id, disruptive, expected }));
};

it('interrupts nothing where it only gives back what was taken away for a while', () => {
  expect(undone(drillStop)).toEqual([
    { id: 'undo/drill.stop/s2', disruptive: false, expected: { seconds: 10 } },
  ]);
});

it('announces the interruption of the action otherwise', () => {
  expect(undone({ ...drillStop, givesBack: false })).toEqual([
    { id: 'undo/drill.stop/s2', disruptive: true, expected: { seconds: 10, interruption: 's2 is away' } },
  ]);
});
