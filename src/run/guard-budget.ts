import type { Guard } from '../plan/model.js';
import type { GuardSample } from '../steps/guard.js';

/** Outages of one subject, in milliseconds of a monotonic clock. */
interface Outage {
  downSince: number | undefined;
  /** All outages that have ended. */
  past: number;
}

export interface Spending {
  /** Adds one sample; what broke the budget, if anything did. */
  readonly add: (sample: GuardSample, at: number) => string | undefined;
}

/**
 * Counts outages per subject. One begins with the first bad sample and lasts until the next good one. A subject that
 * has never answered has no outage: nothing is taken from what did not work before. A budget of 0 allows none.
 */
export const spendingOf = (budget: Guard['budget']): Spending => {
  const outages = new Map<string, Outage>();
  return {
    add: ({ subject, ok, detail }, at) => {
      const outage = outages.get(subject);
      if (outage === undefined) {
        if (ok) outages.set(subject, { downSince: undefined, past: 0 });
        return undefined;
      }
      if (!ok) outage.downSince ??= at;
      if (outage.downSince === undefined) return undefined;
      const length = at - outage.downSince;
      const total = outage.past + length;
      if (ok) {
        outage.past = total;
        outage.downSince = undefined;
      }
      if (length >= budget.longestMs)
        return `${subject} was away for ${length} ms, ${budget.longestMs} ms were allowed: ${detail}`;
      if (total >= budget.totalMs)
        return `${subject} was away for ${total} ms in all, ${budget.totalMs} ms were allowed: ${detail}`;
      return undefined;
    },
  };
};
