import type { CollectorId, CollectorValue } from './model/host-facts.js';

/** What a collector's parser gets: the output of its fragment and when it was read. */
export interface CollectorInput {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status of the fragment. */
  readonly status: number;
  /** Operator's clock, milliseconds: just before the script was sent and just after the answer. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Either the value, or one sentence saying why there is none. */
export type Parsed<Value> = { readonly value: Value } | { readonly error: string };

/**
 * One kind of observation. All collectors of a host run in one POSIX sh script in one SSH round trip: `script`
 * is a fragment that runs in a subshell of its own, reads only, installs nothing, and may call the helper
 * functions of the prelude (redaction, hmac). `parse` is pure.
 */
export interface Collector<Id extends CollectorId = CollectorId> {
  readonly id: Id;
  readonly title: string;
  /** Facts that change by themselves (load, clock, free memory) never make a plan stale. */
  readonly volatile: boolean;
  /** Rights the fragment needs to see everything. */
  readonly needsRoot: boolean;
  readonly script: string;
  readonly parse: (input: CollectorInput) => Parsed<CollectorValue<Id>>;
}

export const defineCollector = <Id extends CollectorId>(collector: Collector<Id>): Collector<Id> => collector;
