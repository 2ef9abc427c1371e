import { once } from 'node:events';
import type { Clock } from '../../src/core/ports/clock.js';

/** A clock on which nothing is ever late. */
export const patientClock = (): Clock => ({
  now: () => 0,
  monotonic: () => 0,
  delay: async (_ms, signal) => {
    if (signal === undefined) return;
    await once(signal, 'abort');
    throw new Error('aborted');
  },
});
