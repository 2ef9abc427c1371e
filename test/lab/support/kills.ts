import type { RunEvent } from '../../../src/core/events/run.js';
import { untilJournal } from './run-watch.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The same numbers, both ends included, for the same seed (a linear congruence after Knuth). */
export const seeded = (seed: number, count: number, { from, to }: Range): readonly number[] => {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from + ((state >>> 16) % (to - from + 1));
  });
};

/** Where the process that came after so many others begins in the journal. */
export const startOf = (events: readonly RunEvent[], process: number): number => {
  const starts = events.flatMap((event, index) => (event.type === 'run-start' ? [index] : []));
  return starts[process] ?? events.length;
};

/** A run that can be killed: of `apply`, `rollback`, or of what goes on with one. */
interface Process {
  readonly kill: () => Promise<void>;
}

export interface Kills {
  readonly lab: string;
  readonly id: string;
  /** After how many lines of its own each process is killed. */
  readonly after: readonly number[];
}

/** Kills the first process of a run and those that go on with it, each after its lines of the journal. */
export const killAgainAndAgain = async (
  first: Process,
  { lab, id, after }: Kills,
  goOn: () => Process,
): Promise<void> => {
  let run = first;
  for (const [index, lines] of after.entries()) {
    if (index > 0) run = goOn();
    await untilJournal(lab, id, (events) => events.slice(startOf(events, index)).length >= lines);
    await run.kill();
  }
};
