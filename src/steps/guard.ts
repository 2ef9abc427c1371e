import type { Json } from '../core/canonical.js';
import type { Clock } from '../core/ports/clock.js';
import type { Kube } from '../core/ports/kube.js';
import type { Script, Session } from '../core/ports/transport.js';
import type { Result } from '../core/result.js';
import type { HostReads } from './effects.js';
import type { StepFailure } from './failure.js';
import type { OutageRecord } from './guards/pairs/outage-record.js';

/** One look of a guard at one thing that it watches. */
export interface GuardSample {
  /** What was looked at: a pair of pods, an address. Each subject has the whole budget for itself. */
  readonly subject: string;
  readonly ok: boolean;
  /** What was seen; shown when the budget is spent. */
  readonly detail: string;
  /** When it was so, on the clock's monotonic time; absent = now. Never earlier than the sample before of this subject. */
  readonly at?: number;
}

/** What a guard may use. Pods that it makes are ephemeral: named after the run, removed when the signal aborts. */
export interface GuardContext {
  readonly run: string;
  readonly hosts: readonly string[];
  readonly read: (host: string) => HostReads;
  /** A script that talks for as long as the guard watches. It changes nothing but folders in memory named after the run. */
  readonly open: (host: string, script: Script) => Promise<Result<Session, StepFailure>>;
  readonly kube: () => Promise<Result<Kube, StepFailure>>;
  /** Calls an address from this machine, whatever its certificate; `via` = the address of who is asked instead. */
  readonly callUrl: (wanted: {
    readonly url: string;
    readonly timeoutMs: number;
    readonly via?: string;
  }) => Promise<Result<{ readonly status: number }, string>>;
  /** Keeps a line beside the journal of the run. Not on disk when it returns: a picture is worth no waiting. */
  readonly keep: (record: OutageRecord) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Aborted = end at once, also where something that was made stays. */
  readonly hard?: AbortSignal;
}

/** A kind of background probe (fixed point i). The plan says with which parameters and budget it watches what. */
export interface GuardKind<Params extends Json = Json> {
  /** `kube.ready`, `network.pairs` … */
  readonly id: string;
  readonly title: (params: Params) => string;
  /** Samples until the signal aborts. Ending or throwing earlier counts as blindness, and blindness as a breach. */
  readonly watch: (context: GuardContext, params: Params) => AsyncIterable<GuardSample>;
}

// As with steps: each guard checks its own parameters.
// biome-ignore lint/suspicious/noExplicitAny: see above
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyGuard = GuardKind<any>;

/** Looks at one thing again and again, `everyMs` after the last answer. */
export async function* sampleEvery(
  { clock, signal }: Pick<GuardContext, 'clock' | 'signal'>,
  everyMs: number,
  look: () => Promise<GuardSample>,
): AsyncGenerator<GuardSample> {
  while (!signal.aborted) {
    yield await look();
    await clock.delay(everyMs, signal).catch(() => undefined);
  }
}
