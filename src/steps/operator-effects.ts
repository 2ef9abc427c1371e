import type { Result } from '../core/result.js';
import type { StepFailure } from './failure.js';
import type { Artifact } from './operator/artifact.js';

/** Looking at the operator's own machine. */
export interface OperatorReads {
  /** The kubeconfig that contexts are merged into: the user's, or a lab's own. A secret. */
  readonly kubeconfig: () => Promise<Result<{ readonly path: string; readonly text: string }, StepFailure>>;
  /** Asks the API that a kubeconfig leads to whether it is ready; says why not. The text never touches the disk. */
  readonly ask: (kubeconfig: string) => Promise<Result<void, string>>;
  /** SHA-256, computed anew, of a fetched file that is kept under this digest; undefined = none is. */
  readonly artifactDigest: (sha256: string) => Promise<string | undefined>;
  /** Handles in the store of secrets. */
  readonly secretHandles: () => Promise<readonly string[]>;
}

/** Changing the operator's own machine: for steps of scope `operator`, but for `fetch`, which only fills a cache. */
export interface OperatorEffects extends OperatorReads {
  /**
   * Changes the kubeconfig: nobody else writes meanwhile, readers see the old or the new file, only its owner may read
   * it. `edit` gives the new text, null for no file at all; undefined stands for a file that is not there.
   */
  readonly editKubeconfig: (
    edit: (text: string | undefined) => Result<string | null, StepFailure>,
  ) => Promise<Result<void, StepFailure>>;
  /**
   * Brings a program into the cache, checked, whole or not at all, and gives its path; one that is kept is not fetched
   * again. Everybody who uploads asks for it so: another machine that goes on with a run has a cache of its own.
   */
  readonly fetch: (artifact: Artifact) => Promise<Result<string, StepFailure>>;
  readonly dropArtifact: (sha256: string) => Promise<void>;
}

/** A view that cannot change anything, also when a caller ignores types (invariant 1). */
export const lookingOnly = (reads: OperatorReads): OperatorReads => ({
  kubeconfig: () => reads.kubeconfig(),
  ask: (kubeconfig) => reads.ask(kubeconfig),
  artifactDigest: (sha256) => reads.artifactDigest(sha256),
  secretHandles: () => reads.secretHandles(),
});
