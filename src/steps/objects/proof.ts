import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import type { KubeReads } from '../kube-reads.js';
import type { Proof } from '../step.js';
import { liveObjects, type Sought } from './live.js';

/** Proves that objects are there, by what the API lists now. */
export const proveThere = async (
  kube: KubeReads,
  objects: readonly Sought[],
  signal: AbortSignal,
): Promise<Result<Proof, StepFailure>> => {
  const missing: string[] = [];
  for await (const seen of liveObjects(kube, objects, signal)) {
    if (!seen.ok) return seen;
    if (seen.value.live === undefined) missing.push(seen.value.key);
  }
  if (missing.length === 0) return ok({ text: `${count(objects.length, 'object')} there` });
  return err({
    class: 'permanent',
    code: 'objects-missing',
    message: `${count(missing.length, 'object')} not there although written: ${sentence(missing)}`,
    cause: 'somebody else, or a controller, deletes them',
  });
};
