import type { Clock } from '../../../core/ports/clock.js';
import { type BackendAsk, type Heard, judgeBackends } from '../../../verify/backends.js';

/** Between two questions. A balancer waits longer, but whoever proves a cluster is waiting. */
const AGAIN_MS = 1_000;

type AllHeard = ReadonlyMap<string, Heard>;

interface Again {
  /** Asks those that failed once more. */
  readonly ask: (asks: readonly BackendAsk[], heard: AllHeard) => Promise<AllHeard>;
  readonly clock: Pick<Clock, 'delay' | 'monotonic'>;
  readonly signal: AbortSignal;
}

/**
 * A balancer gives a host up after some failures in a row, and one packet that is late means nothing to it: whoever fails is
 * asked as often as the spec says, and what was heard last counts.
 */
export const heardInRow = async (
  backends: readonly BackendAsk[],
  first: AllHeard,
  { ask, clock, signal }: Again,
): Promise<AllHeard> => {
  const begun = clock.monotonic();
  let heard = first;
  for (let attempts = 2; ; attempts += 1) {
    const results = judgeBackends(backends, heard);
    const failed = backends.flatMap((each, at) => {
      const { status, detail } = results[at] ?? {};
      return status === 'fail' && attempts <= each.retries ? [{ each, failure: detail ?? '' }] : [];
    });
    if (failed.length === 0 || signal.aborted) return heard;
    await clock.delay(AGAIN_MS, signal).catch(() => undefined);
    const answers = await ask(
      failed.map(({ each }) => each),
      heard,
    );
    const seconds = Math.round((clock.monotonic() - begun) / 1000);
    const now = failed.flatMap(({ each: { id, asker }, failure }): [string, Heard][] => [
      [id, { ...(answers.get(id) ?? heard.get(id) ?? { asker }), retried: { attempts, seconds, failure } }],
    ]);
    heard = new Map([...heard, ...now]);
  }
};
