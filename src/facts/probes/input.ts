import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Random } from '../../core/ports/random.js';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import type { ProbeMatrix } from '../model/probe-matrix.js';
import type { CandidateNetwork, ProbePorts } from './layout.js';
import type { Language } from './script.js';

/** Generic connection tracking forgets after 600 s. */
export const DEFAULT_IDLE_MS = 660_000;

export interface PairProbeOptions {
  /** Waits until idle state in filters has expired and measures raw protocols cold; takes two silences. */
  readonly deep: boolean;
  /** Length of a silence. Default 660 s: generic connection tracking forgets after 600 s. */
  readonly idleMs?: number;
  /** Pod range; a source address from it shows whether the network checks sources. IPv4 CIDR. */
  readonly pods?: string;
  /** Raw protocols that tunnels of a host speak by themselves, by host name. */
  readonly speaking?: Readonly<Record<string, readonly number[]>>;
  readonly language?: Language;
  /** Seconds of silence after which an agent removes everything and ends. Default 30. */
  readonly deadManSeconds?: number;
}

export interface PairProbeInput {
  readonly transport: Transport;
  readonly hosts: readonly HostTarget[];
  readonly networks: readonly CandidateNetwork[];
  readonly ports: ProbePorts;
  readonly options: PairProbeOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
}

export interface PairProbeResult {
  readonly probes: readonly ProbeMatrix[];
  /** What could not be measured and why, for people. */
  readonly notMeasured: readonly string[];
}
