/** Time for everything that must not read the machine's clock itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds of a clock that never steps; only differences mean something. */
  monotonic(): number;
  /** Resolves after `ms`, rejects with the signal's reason when aborted. For back-off only: never wait for a condition with it. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}
