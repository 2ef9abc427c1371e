import { setTimeout as delay } from 'node:timers/promises';
import type { Kube, KubeFailure } from '../../src/core/ports/kube.js';
import type { Transport } from '../../src/core/ports/transport.js';
import { err } from '../../src/core/result.js';
import { type AroundWrite, aroundWrites } from '../../src/steps/kube-writes.js';

/** Counts the changes of one attempt, and cuts it off at the one that it is told to (1 = the first). */
export interface Scissors {
  readonly signal: AbortSignal;
  readonly changes: () => number;
  /** Cuts shortly after the change has begun on the host. */
  readonly host: (transport: Transport) => Transport;
  /** Cuts when the API has taken the change, and nobody hears of it any more. */
  readonly api: (kube: Kube) => Kube;
}

const UNHEARD: KubeFailure = { kind: 'cancelled', message: 'cut off', causes: [] };

export const scissors = (cutAt?: number): Scissors => {
  const cut = new AbortController();
  let changes = 0;
  const counted: AroundWrite =
    (write) =>
    async (...args) => {
      changes += 1;
      const last = changes === cutAt;
      const answer = await write(...args);
      if (!last) return answer;
      cut.abort();
      return err(UNHEARD);
    };
  return {
    signal: cut.signal,
    changes: () => changes,
    host: (transport) => ({
      ...transport,
      run: (host, script, options) => {
        changes += 1;
        if (changes === cutAt) void delay(40).then(() => cut.abort());
        return transport.run(host, script, options);
      },
    }),
    api: (kube) => aroundWrites(kube, counted),
  };
};
