import { describe, expect, it } from 'vitest';
import { err, ok } from '../../src/core/result.js';
import type { Plan } from '../../src/plan/model.js';
import type { StepFailure } from '../../src/steps/failure.js';
import { type AnyStep, defineStep } from '../../src/steps/step.js';
import { goalOf, live, madeUp, planOf } from './made-up.js';

interface Coming {
  readonly step: AnyStep;
  readonly plan: Plan;
  readonly applied: () => number;
}

/** Something that is there since the plan was made, but at work only when it was waited for. */
const comingUp = (failure: StepFailure['class']): Coming => {
  let there = false;
  let ready = false;
  let applied = 0;
  const step = defineStep<{ readonly key: string }, { readonly there: boolean }>({
    id: 'test.coming',
    title: () => 'Have it',
    scope: 'cluster',
    reads: [],
    risk: 'low',
    replay: 'converges',
    undo: { kind: 'irreversible', reason: 'a test' },
    expected: { seconds: 1 },
    timeoutMs: 60_000,
    retry: 'never',
    disruptive: false,
    observe: () => ({ there }),
    diff: (state) => (state?.there === true ? [] : [{ kind: 'add', what: 'it' }]),
    apply: () => {
      applied += 1;
      ready = true;
      return Promise.resolve(ok({ made: 'it' }));
    },
    verify: () =>
      Promise.resolve(
        ready ? ok({ text: 'at work' }) : err({ class: failure, code: 'command-failed', message: 'not yet' }),
      ),
  });
  const plan = planOf([{ name: 's', goal: 'g', goals: [goalOf(step, 'c', { params: { key: 'k' } })] }]);
  there = true;
  return { step, plan, applied: () => applied };
};

const perform = ({ step, plan }: Coming) => live(madeUp(), { plan, stages: [], steps: [step] });

describe('an action whose goal seems to hold', () => {
  it('is applied when it cannot be proven, for it may still be coming up', async () => {
    const coming = comingUp('permanent');
    expect((await perform(coming)).event).toMatchObject({ outcome: 'done' });
    expect(coming.applied()).toBe(1);
  });

  it.each([
    ['transient', 'stopped'],
    ['person', 'paused'],
    ['unsafe', 'failed'],
  ] as const)('is not applied when looking at it failed as %s', async (failure, outcome) => {
    const coming = comingUp(failure);
    expect((await perform(coming)).event).toMatchObject({ outcome });
    expect(coming.applied()).toBe(0);
  });
});
