import { listOf } from '../../bundle/clean/draft.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { liveObjects, type Sought } from './live.js';

/** Finalizers may have work to do: volumes, cloud load balancers, an operator’s own cleaning. */
const LIMIT_MS = 300_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** An object that was told to go; the UID tells it from a later one of the same name. */
export interface Leaving extends Sought {
  readonly uid: string;
}

interface Waiting {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

const held = ({ key }: Sought, live: KubeObject): string => {
  const finalizers = listOf(live.metadata['finalizers']).map(String);
  return finalizers.length === 0 ? key : `${key} (held by ${finalizers.join(', ')})`;
};

const staying = (texts: readonly string[]): StepFailure => ({
  class: 'permanent',
  code: 'objects-stay',
  message: `${count(texts.length, 'object')} told to go but still there after ${LIMIT_MS / 1000} s`,
  cause: sentence(texts, 12),
});

/**
 * Waits until objects that were deleted are really gone: an operator must not go before what it has to clean up. They
 * are of many kinds, and most are gone at the first look, so the API is asked with growing pauses.
 */
export const awaitGone = async (
  { kube, clock, signal, progress }: Waiting,
  leaving: readonly Leaving[],
): Promise<Result<void, StepFailure>> => {
  const begun = clock.monotonic();
  let open = leaving;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const uids = new Map(open.map((each) => [each.key, each]));
    const still: Leaving[] = [];
    const texts: string[] = [];
    for await (const seen of liveObjects(kube, open, signal)) {
      if (!seen.ok) return seen;
      const { key, live } = seen.value;
      const sought = uids.get(key);
      if (live === undefined || sought === undefined || live.metadata.uid !== sought.uid) continue;
      still.push(sought);
      texts.push(held(sought, live));
    }
    if (still.length === 0) return ok(undefined);
    if (clock.monotonic() - begun > LIMIT_MS) return err(staying(texts));
    progress(`waiting until ${sentence(texts, 3)} ${texts.length === 1 ? 'is' : 'are'} gone`);
    open = still;
    try {
      await clock.delay(wait, signal);
    } catch {
      return err({ class: 'permanent', code: 'run-cut', message: 'the run was cut off while objects went' });
    }
  }
};
