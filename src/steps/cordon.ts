import { err, ok, type Result } from '../core/result.js';
import type { StepFailure } from './failure.js';
import { failureOfKube } from './kube-failure.js';
import type { ApplyContext } from './step.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
const MANAGER = 'drover';

/** Takes new pods away from a node, or gives them back; a node that is gone takes none anyway. */
export const cordon = async (
  context: Pick<ApplyContext, 'kube' | 'signal'>,
  node: string,
  unschedulable: boolean,
): Promise<Result<void, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const patch = { spec: { unschedulable } };
  const options = { type: 'merge', fieldManager: MANAGER, signal: context.signal } as const;
  const done = await kube.value.patch({ resource: NODES, name: node }, patch, options);
  if (done.ok || (!unschedulable && done.error.kind === 'not-found')) return ok(undefined);
  return err(failureOfKube(done.error, `cannot ${unschedulable ? 'cordon' : 'uncordon'} ${node}`));
};
