import type { OperatorEffects } from '../../src/steps/operator-effects.js';

const refuse = (): never => {
  throw new Error('no machine of an operator here');
};

/** For tests of what never touches the operator's machine. */
export const noOperator: OperatorEffects = {
  kubeconfig: refuse,
  ask: refuse,
  artifactDigest: refuse,
  secretHandles: refuse,
  editKubeconfig: refuse,
  fetch: refuse,
  dropArtifact: refuse,
};
