import type { Clock } from '../../src/core/ports/clock.js';

/** A clock whose delays end at once and move its own time, so that back-off is tested without waiting. */
export const immediateClock = (): Clock => {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    delay: (ms) => {
      time += ms;
      return Promise.resolve();
    },
  };
};
