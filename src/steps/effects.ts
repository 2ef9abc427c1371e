import type { Result } from '../core/result.js';
import type { StepFailure } from './failure.js';

export interface CommandOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reading a host: scripts that must not change anything. */
export interface HostReads {
  readonly read: (
    script: string,
    options?: { readonly timeoutMs?: number },
  ) => Promise<Result<CommandOutput, StepFailure>>;
}

/** A file as it shall be. `content: undefined` = shall not exist. */
export interface FileGoal {
  readonly path: string;
  readonly content: string | Uint8Array | undefined;
  /** Octal as text, `0644`. */
  readonly mode?: string;
  readonly owner?: string;
  /** chattr +i after writing (and -i before). */
  readonly immutable?: boolean;
}

export interface ChangeOptions {
  /** Reaches the script's stdin; may hold secrets. */
  readonly data?: string | Uint8Array;
  readonly timeoutMs?: number;
  readonly title?: string;
  /**
   * Arms a timer on the host before the script starts: unless `confirm` is called within so many seconds, the
   * host itself puts back everything that the action saved.
   */
  readonly deadManSeconds?: number;
}

/**
 * Changing a host. Everything runs in a transient systemd unit named after run and action, so that a lost
 * connection neither kills nor doubles it, and checks the run's fencing number first (invariant 4).
 */
export interface HostEffects extends HostReads {
  /** Saves what stands there (content, owner, mode, attributes, or its absence), then writes atomically. */
  readonly files: (goals: readonly FileGoal[]) => Promise<Result<void, StepFailure>>;
  /** Saves a unit's enabled and active state so that the restore point puts them back. */
  readonly keepUnit: (unit: string) => Promise<Result<void, StepFailure>>;
  /** Runs a changing script. */
  readonly change: (script: string, options?: ChangeOptions) => Promise<Result<CommandOutput, StepFailure>>;
  /**
   * Disarms the dead-man timer that a change armed, over a connection of its own: the shared one would still
   * pass when nobody can log in any more. Fails when the host has put everything back meanwhile.
   */
  readonly confirm: () => Promise<Result<void, StepFailure>>;
  /** Streams a local file to the host (temporary name, digest checked, renamed). Bytes never pass the journal. */
  readonly upload: (
    local: string,
    goal: Omit<FileGoal, 'content'> & { readonly sha256: string },
  ) => Promise<Result<void, StepFailure>>;
}
