import type { StepFailure } from '../steps/failure.js';

export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly factor: number;
  readonly longestDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  firstDelayMs: 500,
  factor: 2,
  longestDelayMs: 10_000,
};

/**
 * Milliseconds until the next attempt, or undefined when there is none: only failures classed as transient are
 * tried again, within bounds (invariant 6). `spread` in [0, 1) keeps many hosts from retrying in step.
 */
export const retryDelay = (
  failure: StepFailure,
  attempt: number,
  policy: RetryPolicy,
  spread: number,
): number | undefined => {
  if (failure.class !== 'transient' || attempt >= policy.attempts) return undefined;
  const full = Math.min(policy.firstDelayMs * policy.factor ** (attempt - 1), policy.longestDelayMs);
  return full / 2 + (full / 2) * spread;
};
