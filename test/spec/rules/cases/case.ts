import type { Loose } from '../../rig.js';

/** For each rule: a change that breaks it, the text its problem points at, and a change nearby that does not. */
export type Cases = Readonly<
  Record<string, readonly [bad: (s: Loose) => void, points: string, good?: (s: Loose) => void]>
>;
