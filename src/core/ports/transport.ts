import type { Result } from '../result.js';

/** A machine as the transport needs it; everything else comes from the user's ssh configuration. */
export interface HostTarget {
  /** The name of the spec; also the alias that ssh configuration and error messages use. */
  readonly name: string;
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  readonly jump?: string;
  /** SHA256:… fingerprints that are accepted; empty or absent = the known_hosts of the realm decide. */
  readonly fingerprints?: readonly string[];
  /** Run scripts through `sudo -n`. */
  readonly sudo?: boolean;
}

export type TransportFailureKind =
  | 'unreachable'
  | 'refused'
  | 'auth'
  | 'host-key-changed'
  | 'host-key-unknown'
  | 'sudo-refused'
  | 'timed-out'
  | 'cancelled'
  | 'mux-lost'
  | 'output-limit'
  | 'protocol'
  | 'no-client';

/** Failure of reaching a host. A script that ran and ended with a status is *not* a failure of the transport. */
export interface TransportFailure {
  readonly kind: TransportFailureKind;
  readonly host: string;
  /** One sentence, secrets and control characters removed. */
  readonly detail: string;
  /** True when it is certain that the script never started. */
  readonly notStarted: boolean;
}

export interface Script {
  /** POSIX sh text. It travels length-framed on stdin: never in argv. */
  readonly text: string;
  /** Read by the script from its stdin; may hold secrets. */
  readonly data?: string | Uint8Array;
  /** Named so that logs and errors can say what ran. */
  readonly title: string;
}

export interface RunOptions {
  /** Counts from the moment the connection stands; connecting has limits of its own. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Bytes of stdout plus stderr after which the run is cut and fails with `output-limit`. Default 32 MiB. */
  readonly outputLimit?: number;
  /** Over a connection of its own instead of the shared one: proves that logging in works now. */
  readonly fresh?: boolean;
}

export interface RunOutput {
  /** Exit status of the script itself, reported out of band: 255 is the script's own 255. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly durationMs: number;
  /** Part of `durationMs` that passed until the host was ready to take the script: connection, login, sudo. */
  readonly readyMs?: number;
}

/** A script that talks: lines in, lines out, for probes that must act together. */
export interface Session {
  readonly host: string;
  /** Lines of stdout; ends when the script ends. */
  readonly lines: AsyncIterable<string>;
  send(line: string): void;
  /** Closes stdin; the script is expected to clean up and end. Resolves with its outcome. */
  close(): Promise<Result<{ readonly status: number; readonly stderr: string }, TransportFailure>>;
  /** Cuts the connection at once. */
  abort(): void;
}

/** The only way to a host. The adapter is OpenSSH; unit tests use a fake. */
export interface Transport {
  run(host: HostTarget, script: Script, options: RunOptions): Promise<Result<RunOutput, TransportFailure>>;
  open(host: HostTarget, script: Script, options: RunOptions): Promise<Result<Session, TransportFailure>>;
  /** Ends shared connections. */
  dispose(): Promise<void>;
}
