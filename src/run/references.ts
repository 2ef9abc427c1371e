import type { Json } from '../core/canonical.js';
import { replaceReferences } from '../core/references.js';
import { err, ok, type Result } from '../core/result.js';
import type { StepFailure } from '../steps/failure.js';

type Outputs = ReadonlyMap<string, Readonly<Record<string, Json>>>;

/** Puts the outputs of earlier actions where parameters refer to them (`{from, output}`, fixed point a). */
export const resolveParams = (params: Json, outputs: Outputs): Result<Json, StepFailure> => {
  const missing: string[] = [];
  const resolved = replaceReferences(params, ({ from, output }) => {
    const found = outputs.get(from)?.[output];
    if (found === undefined) missing.push(`${output} of ${from}`);
    return found ?? null;
  });
  if (missing.length === 0) return ok(resolved);
  return err({
    class: 'permanent',
    code: 'output-missing',
    message: `no earlier action gave ${missing.join(', ')}`,
  });
};
