/** How much the transport does at once and how long it waits; tests make them small. */
export interface TransportLimits {
  /** Connections being opened at the same time. */
  readonly connecting: number;
  /** The same through one jump host: sshd drops further ones at random beyond ten that are not yet logged in. */
  readonly connectingPerJump: number;
  /** Scripts running at the same time over all hosts; sessions do not count. */
  readonly running: number;
  /** Scripts and sessions at the same time on one host: sshd allows ten per connection, one is the connection's own. */
  readonly perHost: number;
  /** For TCP and the banner, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** For the whole way to a working login, in milliseconds. */
  readonly loginTimeoutMs: number;
  /** Bytes of stdout plus stderr of one script. */
  readonly outputBytes: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
  connecting: 16,
  connectingPerJump: 8,
  running: 64,
  perHost: 7,
  connectTimeoutMs: 10_000,
  loginTimeoutMs: 30_000,
  outputBytes: 32 * 1024 * 1024,
};
