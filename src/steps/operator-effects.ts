import type { Result } from '../core/result.js';
import type { StepFailure } from './failure.js';

/** Looking at the operator's own machine. */
export interface OperatorReads {
  /** The kubeconfig that contexts are merged into: the user's, or a lab's own. A secret. */
  readonly kubeconfig: () => Promise<Result<{ readonly path: string; readonly text: string }, StepFailure>>;
  /** Asks the API that a kubeconfig leads to whether it is ready; says why not. The text never touches the disk. */
  readonly ask: (kubeconfig: string) => Promise<Result<void, string>>;
}

/** Changing the operator's own machine; for steps of scope `operator` alone. */
export interface OperatorEffects extends OperatorReads {
  /**
   * Changes the kubeconfig: nobody else writes meanwhile, readers see the old or the new file, only its owner may read
   * it. `edit` gives the new text, null for no file at all; undefined stands for a file that is not there.
   */
  readonly editKubeconfig: (
    edit: (text: string | undefined) => Result<string | null, StepFailure>,
  ) => Promise<Result<void, StepFailure>>;
}

/** A view that cannot change anything, also when a caller ignores types (invariant 1). */
export const lookingOnly = ({ kubeconfig, ask }: OperatorReads): OperatorReads => ({ kubeconfig, ask });
