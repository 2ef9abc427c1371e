import type { Json } from '../../../../src/core/canonical.js';
import { ok, type Result } from '../../../../src/core/result.js';
import type { StepFailure } from '../../../../src/steps/failure.js';
import type { AnyStep } from '../../../../src/steps/step.js';
import type { NetworkBench } from './network-bench.js';
import type { Node } from './nodes.js';

/** Performs a step as an executor does: looks, applies, proves. */
export const performOn = async (
  bench: NetworkBench,
  step: AnyStep,
  {
    host,
    params,
    run = 'r1',
    cut,
  }: { readonly host: Node; readonly params: Json; readonly run?: string; readonly cut?: number },
): Promise<Result<string, StepFailure>> => {
  const context = bench.context(host, run, cut);
  const state: unknown = step.observe(context.world, context.subject, params);
  const applied = await step.apply(context, params, state);
  if (!applied.ok) return applied;
  const proof = await step.verify(bench.reading(host, applied.value), params);
  return proof.ok ? ok(proof.value.text) : proof;
};
