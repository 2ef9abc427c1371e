import { z } from 'zod';
import { objectRefSchema } from '../objects/params.js';

/** One field in which an object would be another one; values of Secrets are left out. */
export const fieldDiffSchema = z.strictObject({
  path: z.string(),
  /** As JSON, shortened; absent = the field is not there. */
  before: z.string().optional(),
  after: z.string().optional(),
});
export type FieldDiff = z.infer<typeof fieldDiffSchema>;

/**
 * What applying a set does to one object, by a dry run against the live API: `later` = its kind or its namespace comes
 * with the set, `prune` = it bears the label of the set, which has it no more, `refused` = the API does not take it.
 */
export const liveObjectSchema = z.strictObject({
  /** `idText` of the object. */
  key: z.string(),
  /** Null when its kind is not served yet. */
  ref: objectRefSchema.nullable(),
  verdict: z.enum(['create', 'update', 'keep', 'later', 'prune', 'refused']),
  diff: z.array(fieldDiffSchema),
  /** Others to whom fields belong that would be taken over. */
  conflicts: z.array(z.string()),
  /** Why the API refuses it. */
  why: z.string().optional(),
});
export type LiveObject = z.infer<typeof liveObjectSchema>;

/** A set as it lives in the cluster. A type alias is JSON, an interface is not. */
export const liveSetSchema = z.strictObject({
  name: z.string(),
  /** {@link setDigest} of the set that was compared. */
  digest: z.string(),
  objects: z.array(liveObjectSchema),
  /** Workloads that are not ready, one sentence each; only of objects that are there. Not part of any digest. */
  unready: z.array(z.string()),
});
export type LiveSet = z.infer<typeof liveSetSchema>;

/** What of a live set a plan relies on: what applying would do, not how its pods are at the moment. */
export const stableOfSet = (set: LiveSet | undefined): unknown =>
  set === undefined ? null : { digest: set.digest, objects: set.objects };
