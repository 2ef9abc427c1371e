import type { Json } from '../core/canonical.js';
import { err, ok, type Result } from '../core/result.js';
import type { StepFailure } from '../steps/failure.js';

type Outputs = ReadonlyMap<string, Readonly<Record<string, Json>>>;

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReference = (value: Json): value is { readonly from: string; readonly output: string } =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  typeof value['from'] === 'string' &&
  typeof value['output'] === 'string';

const replace = (value: Json, outputs: Outputs, missing: string[]): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => replace(item, outputs, missing));
  if (!isObject(value)) return value;
  if (!isReference(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, replace(member, outputs, missing)]),
    );
  const found = outputs.get(value.from)?.[value.output];
  if (found === undefined) missing.push(`${value.output} of ${value.from}`);
  return found ?? null;
};

/** Puts the outputs of earlier actions where parameters refer to them (`{from, output}`, fixed point a). */
export const resolveParams = (params: Json, outputs: Outputs): Result<Json, StepFailure> => {
  const missing: string[] = [];
  const resolved = replace(params, outputs, missing);
  if (missing.length === 0) return ok(resolved);
  return err({
    class: 'permanent',
    code: 'output-missing',
    message: `no earlier action gave ${missing.join(', ')}`,
  });
};
