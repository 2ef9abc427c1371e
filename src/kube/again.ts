import type { Clock } from '../core/ports/clock.js';
import type { CallOptions, KubeFailure } from '../core/ports/kube.js';
import { err, type Result } from '../core/result.js';

/** What decides whether a request may be sent twice. */
export interface Repeated extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly contentType?: string;
}

/** Time for one call with all its repetitions when the caller names none. */
const DEFAULT_LIMIT_MS = 30_000;
const ATTEMPTS = 10;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

const ONCE_MORE_IS_THE_SAME = new Set(['application/apply-patch+yaml', 'application/merge-patch+json']);

/** Reads, and writes that end the same when they are sent twice. Creations, evictions and JSON patches do not. */
export const isRepeatable = ({ method, contentType = '' }: Repeated): boolean =>
  method === 'GET' ||
  method === 'PUT' ||
  method === 'DELETE' ||
  (method === 'PATCH' && ONCE_MORE_IS_THE_SAME.has(contentType));

/** Milliseconds until the API wants to be asked again; undefined when it did not say that it would answer then. */
const waitAfter = ({ kind, retryAfterMs }: KubeFailure, attempt: number): number | undefined => {
  if (kind === 'unavailable') return retryAfterMs;
  if (kind !== 'too-many-requests') return undefined;
  return retryAfterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
};

/**
 * Repeats a call that the API put off (429, or 503 with Retry-After), within the call's own time limit and a number of
 * attempts. When the wait would outlast the limit, the failure is given at once: the caller knows better what to do.
 */
export const again = async <T>(
  call: Repeated,
  clock: Clock,
  once: (limitMs: number) => Promise<Result<T, KubeFailure>>,
): Promise<Result<T, KubeFailure>> => {
  const limitMs = call.timeoutMs ?? DEFAULT_LIMIT_MS;
  const begun = clock.monotonic();
  const left = (): number => limitMs - (clock.monotonic() - begun);
  for (let attempt = 1; ; attempt += 1) {
    const result = await once(left());
    if (result.ok || attempt === ATTEMPTS || !isRepeatable(call)) return result;
    const wait = waitAfter(result.error, attempt);
    if (wait === undefined || wait >= left()) return result;
    try {
      await clock.delay(wait, call.signal);
    } catch {
      return err({ kind: 'cancelled', message: 'cancelled', causes: [] });
    }
  }
};
