import type { Clock } from '../core/ports/clock.js';
import { type CheckResult, passIf } from './check.js';

/** One look at something that may need a moment. `final` = waiting would not help. */
export interface Look {
  readonly good: boolean;
  readonly detail: string;
  readonly final?: boolean;
}

export interface Patience {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const RETRY_MS = 1000;

/** Looks until it is good, waiting would not help, or the time is over; tells when it was not good at once. */
export const lookAgain = async (
  part: Omit<CheckResult, 'status' | 'detail'>,
  look: () => Promise<Look>,
  { clock, limitMs, signal }: Patience,
): Promise<CheckResult> => {
  const begun = clock.monotonic();
  let failure = '';
  for (let attempts = 1; ; attempts += 1) {
    const { good, detail, final = false } = await look();
    if (!good) failure = detail;
    const elapsed = clock.monotonic() - begun;
    if (good || final || elapsed >= limitMs || signal.aborted) {
      const retried = { attempts, seconds: Math.round(elapsed / 1000), failure };
      return passIf(good, { ...part, detail, ...(attempts === 1 ? {} : { retried }) });
    }
    await clock.delay(RETRY_MS, signal).catch(() => undefined);
  }
};
