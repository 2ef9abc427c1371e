import { ok, type Result } from '../core/result.js';

/** The first failure of steps that ran in parallel; success when there is none. */
export const firstFailure = <E>(results: readonly Result<unknown, E>[]): Result<void, E> => {
  for (const result of results) if (!result.ok) return result;
  return ok(undefined);
};
