import type { Result } from '../result.js';
import type { SecretFailure } from './secrets.js';

/** Wraps the data key of a bundle for the people who may read it. The adapter is age. */
export interface KeyWrap {
  /** Public keys that {@link KeyWrap.wrap} encrypts to. */
  readonly recipients: readonly string[];
  /** Armored text that every recipient's identity opens. */
  wrap(key: Uint8Array): Promise<string>;
  /** Fails with `secret-unreadable` when the own identity is no recipient or the text is damaged. */
  unwrap(text: string): Promise<Result<Uint8Array, SecretFailure>>;
}
