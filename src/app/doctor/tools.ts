import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Files } from '../../core/ports/files.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { PairProbeResult } from '../../facts/probes/input.js';
import type { CandidateNetwork } from '../../facts/probes/layout.js';
import type { AskScript } from '../../facts/services/ask-script.js';
import type { ServicePlace } from '../../facts/services/places.js';
import type { Answers } from './ask-host.js';
import type { DoctorHost, Subject } from './subject.js';

/** What one measurement is asked for. */
export interface MeasureOptions {
  /** No ephemeral effects: nothing is sent between hosts. */
  readonly passive: boolean;
  /** Waits until idle state in firewalls has expired, so that cold passage of raw protocols is proven. */
  readonly deep: boolean;
  /** Patience with one host. */
  readonly timeoutMs: number;
  /** Places of services outside that every member asks, as far as this realm has them. */
  readonly services?: readonly ServicePlace[];
}

export interface ProbeOptions extends MeasureOptions {
  /** Raw protocols that tunnels of a host speak by themselves, by host name. */
  readonly speaking: Readonly<Record<string, readonly number[]>>;
}

/** The ways to hosts: the real ones come from wiring.ts, tests bring their own. */
export interface Instruments {
  /** Passive facts of every host, in their order; hosts that are not reached are told by their contact. */
  readonly collect: (hosts: readonly DoctorHost[], options: MeasureOptions) => Promise<readonly HostFacts[]>;
  /** Probes between all pairs of these hosts. */
  readonly probe: (
    subject: Subject,
    networks: readonly CandidateNetwork[],
    options: ProbeOptions,
  ) => Promise<PairProbeResult>;
  /** Has a host ask services outside what they are. */
  readonly ask: (host: DoctorHost, script: AskScript) => Promise<Answers>;
  /** Ends connections. */
  readonly dispose: () => Promise<void>;
}

export interface DoctorTools {
  readonly instruments: Instruments;
  readonly files: Files;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly tool: string;
  readonly realm: string;
  readonly stateDir: string;
}
