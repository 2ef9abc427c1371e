import { expect, vi } from 'vitest';
import { steps } from '../../src/steps/catalogue.js';
import { type Bench, nextRun, performed } from './contract-bench.js';
import { suiteOf } from './contract-suites.js';

export { type Bench, type ContractCase, contractBench, nextRun, performed } from './contract-bench.js';

/*
 * The step contract: planning changes nothing; applying twice changes nothing the second time; undo takes it back;
 * killed at any point, resuming ends in the same state; verify fails when somebody breaks the result.
 */

export type Clause = 'planning' | 'again' | 'undo' | 'resume' | 'sabotage';

/** What was proven in this file, by step. */
const proven = new Map<string, Set<Clause>>();

export const prove = ({ step }: Pick<Bench, 'step'>, ...clauses: readonly Clause[]): void => {
  const of = proven.get(step.id) ?? new Set();
  proven.set(step.id, of);
  for (const clause of clauses) of.add(clause);
};

/** Fails for each step of the catalogue under a prefix that this file did not hold to the whole contract. */
export const expectWholeContract = (prefix: string): void => {
  const clauses: readonly Clause[] = ['planning', 'again', 'resume', 'sabotage'];
  const missing = steps
    .filter(({ id }) => id.startsWith(prefix) && suiteOf(id)?.instead === undefined)
    .flatMap(({ id, undo }) =>
      [...clauses, ...(undo.kind === 'irreversible' ? [] : (['undo'] as const))]
        .filter((clause) => proven.get(id)?.has(clause) !== true)
        .map((clause) => `${id}: ${clause}`),
    );
  expect(missing).toEqual([]);
};

/** Planning changes nothing, and has something to do. */
export const expectPlanning = async (bench: Bench): Promise<void> => {
  const before = await bench.snapshot();
  expect(await bench.plan()).not.toEqual([]);
  expect(await bench.snapshot()).toBe(before);
  prove(bench, 'planning');
};

/** What was applied has nothing left to do, and applying it again makes no change. */
export const expectHeld = async (bench: Bench): Promise<void> => {
  expect(await bench.plan()).toEqual([]);
  expect(performed(await bench.attempt({ run: nextRun() })).result).toBe('held');
  expect(bench.changes()).toBe(0);
  prove(bench, 'again');
};

/** Undoing a run brings everything back. */
export const expectUndone = async (
  bench: Bench,
  { run, before }: { readonly run: string; readonly before: string },
): Promise<void> => {
  await bench.undo(run);
  // Controllers of a cluster answer a moment later.
  const same = async () => expect(await bench.snapshot()).toBe(before);
  await vi.waitFor(same, { timeout: 300_000, interval: 500 });
  prove(bench, 'undo');
};

/** Planning changes nothing; performing changes, performing again does not; undoing brings everything back. */
export const expectRoundTrip = async (bench: Bench): Promise<string> => {
  const before = await bench.snapshot();
  await expectPlanning(bench);
  const run = nextRun();
  expect(performed(await bench.attempt({ run })).result).toBe('changed');
  const after = await bench.snapshot();
  expect(after).not.toBe(before);
  await expectHeld(bench);
  await expectUndone(bench, { run, before });
  return after;
};

/** Cut after each of its calls has begun, and resumed: the same end, and still the same way back. */
export const expectResumes = async (bench: Bench, after: string): Promise<void> => {
  const before = await bench.snapshot();
  for (let cutAt = 1; ; cutAt += 1) {
    const run = nextRun();
    const cut = await bench.attempt({ run, cutAt });
    const reached = bench.changes() >= cutAt;
    const resumed = cut.ok ? cut : await bench.attempt({ run });
    performed(resumed);
    expect(await bench.snapshot()).toBe(after);
    await bench.undo(run);
    expect(await bench.snapshot()).toBe(before);
    if (!reached) break;
  }
  prove(bench, 'resume');
};

/**
 * For steps that take long: one run, cut at its first change, resumed, cut at its second, and so on to its end. How
 * often it was cut; what it made stays.
 */
export const expectCutsSurvived = async (bench: Bench, run: string): Promise<number> => {
  for (let cuts = 0; ; cuts += 1) {
    const ended = await bench.attempt({ run, cutAt: cuts + 1 });
    if (!ended.ok && bench.changes() > cuts) continue;
    performed(ended);
    prove(bench, 'resume');
    return cuts;
  }
};

/** One run, cut at each of its changes and resumed: the same end, and still the same way back. */
export const expectCutAndUndone = async (bench: Bench, after: string): Promise<void> => {
  const before = await bench.snapshot();
  const run = nextRun();
  await expectCutsSurvived(bench, run);
  expect(await bench.snapshot()).toBe(after);
  await bench.undo(run);
  expect(await bench.snapshot()).toBe(before);
};

/** Verify holds, and fails when somebody breaks what was made. */
export const expectBroken = async (bench: Bench, sabotage: string): Promise<void> => {
  expect(await bench.verify()).toMatchObject({ ok: true });
  await bench.host(sabotage);
  expect(await bench.verify()).toMatchObject({ ok: false });
  prove(bench, 'sabotage');
};

/** Verify holds after the change and fails when somebody breaks it. */
export const expectSabotageSeen = async (bench: Bench, sabotage: string): Promise<void> => {
  const run = nextRun();
  performed(await bench.attempt({ run }));
  await expectBroken(bench, sabotage);
  await bench.undo(run, { overwrite: true });
};
