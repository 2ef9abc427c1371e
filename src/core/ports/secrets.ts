import type { Result } from '../result.js';

export interface SecretFailure {
  readonly code: 'secret-missing' | 'secret-unreadable' | 'secret-store-failed';
  /** Names the handle and the store, never a value. */
  readonly message: string;
  readonly hint?: string;
}

/** Secrets by handle. Values leave it only for the standard input of a remote change or a pod. */
export interface Secrets {
  get(handle: string): Promise<Result<Uint8Array, SecretFailure>>;
  /** Keeps the first value: a secret that exists is never replaced by this. */
  ensure(handle: string, make: () => Uint8Array): Promise<Result<Uint8Array, SecretFailure>>;
  /** Replaces the value, or adds it. */
  put(handle: string, value: Uint8Array): Promise<Result<void, SecretFailure>>;
  handles(): Promise<Result<readonly string[], SecretFailure>>;
}
