import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports/clock.js';
import type { Random } from '../../src/core/ports/random.js';

/** The machine's own clock and randomness, for tests of adapters. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  delay: (ms, signal) => delay(ms, undefined, { signal }),
};
export const systemRandom: Random = { bytes: (count) => randomBytes(count) };
