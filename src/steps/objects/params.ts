import { z } from 'zod';
import { gateSchema } from '../../bundle/model/gate.js';

/** An object as the API addresses it; `namespace` is null for objects of the whole cluster. */
export const objectRefSchema = z.strictObject({
  group: z.string(),
  version: z.string(),
  plural: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
});
export type ObjectRef = z.infer<typeof objectRefSchema>;

/**
 * What planning found out about an object: `create` = not there, `update` = there and different, `keep` = there and
 * stays as it is, `later` = its kind or namespace is not there yet, so it is judged just before its wave.
 */
export const verdictSchema = z.enum(['create', 'update', 'keep', 'later']);
export type ObjectVerdict = z.infer<typeof verdictSchema>;

export const plannedObjectSchema = z.strictObject({
  /** `idText` of the object as the target will have it. */
  key: z.string(),
  ref: objectRefSchema,
  verdict: verdictSchema,
});
export type PlannedObject = z.infer<typeof plannedObjectSchema>;

/** An object that a wave could not write, or left out because something that it needs is not there. */
export const leftObjectSchema = z.strictObject({ object: plannedObjectSchema, why: z.string() });
export type LeftObject = z.infer<typeof leftObjectSchema>;

/** Output of `objects.restore` that later waves take: {@link leftObjectSchema}. */
export const LEFT_OUTPUT = 'left';

/**
 * Parameters of `objects.restore`: one wave. No object and no secret stands in them.
 *
 * The last wave of a plan (`last`) has no objects of its own: it tries those once more that earlier waves left, and
 * fails when some of them still cannot be written.
 */
export const restoreParamsSchema = z.strictObject({
  /** Digest of the bundle. */
  bundle: z.string(),
  /** From 1. */
  wave: z.number().int().positive(),
  objects: z.array(plannedObjectSchema),
  /** Awaited before the first write. */
  gates: z.array(gateSchema),
  /** What earlier waves left: `{from: ACTION, output: 'left'}` for each of them in the plan. */
  left: z.array(z.array(leftObjectSchema)),
  last: z.boolean(),
  existing: z.enum(['skip', 'update', 'fail']),
  replicas: z.enum(['keep', 'zero']),
  cronJobs: z.enum(['keep', 'suspend']),
  concurrency: z.number().int().min(1).max(64),
});
export type RestoreParams = z.infer<typeof restoreParamsSchema>;

/**
 * Parameters of `objects.put-back`: workloads that were restored at zero replicas, CronJobs and Jobs that were
 * restored suspended, and what they get back.
 */
export const putBackParamsSchema = z.strictObject({
  bundle: z.string(),
  objects: z.array(
    z.strictObject({
      key: z.string(),
      ref: objectRefSchema,
      value: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('replicas'), replicas: z.number().int().nonnegative() }),
        z.strictObject({ kind: z.literal('suspend'), suspend: z.boolean() }),
      ]),
    }),
  ),
  concurrency: z.number().int().min(1).max(64),
});
export type PutBackParams = z.infer<typeof putBackParamsSchema>;
