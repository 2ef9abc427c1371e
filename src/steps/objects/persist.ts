import type { Clock } from '../../core/ports/clock.js';
import type { KubeFailure, KubeFailureKind, KubeResult } from '../../core/ports/kube.js';
import { err } from '../../core/result.js';

/** Time that one request may take with all its repetitions. */
const LIMIT_MS = 60_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** How often each kind of failure is tried again, at most. Others are the object's own fault and stay. */
const ATTEMPTS: Readonly<Partial<Record<KubeFailureKind, number>>> = {
  unreachable: 8,
  'timed-out': 4,
  unavailable: 12,
  'too-many-requests': 20,
  // Somebody else was quicker; what is sent again does not depend on what was there.
  conflict: 5,
  // A webhook that cannot be called answers 500.
  server: 7,
};

const CANCELLED: KubeFailure = { kind: 'cancelled', message: 'cancelled', causes: [] };

/**
 * Sends a request until it is answered for good, within bounds of time and number; waits as long as the API asks
 * for. The request must converge: an answer may have been lost.
 */
export const persist = async <T>(
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  send: () => KubeResult<T>,
): KubeResult<T> => {
  const begun = clock.monotonic();
  for (let attempt = 1; ; attempt += 1) {
    const result = await send();
    if (result.ok || attempt >= (ATTEMPTS[result.error.kind] ?? 1)) return result;
    const wait = result.error.retryAfterMs ?? Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    if (clock.monotonic() - begun + wait > LIMIT_MS) return result;
    try {
      await clock.delay(wait, signal);
    } catch {
      return err(CANCELLED);
    }
  }
};

/** Failures that say nothing about the object that was sent: nothing more is worth sending. */
export const concernsAll = ({ kind }: KubeFailure): boolean =>
  kind === 'unreachable' ||
  kind === 'timed-out' ||
  kind === 'too-many-requests' ||
  kind === 'unauthorized' ||
  kind === 'tls' ||
  kind === 'cancelled';
