import { z } from 'zod';

/** One way in which an object of the target is not what the bundle says. */
const objectDifferenceSchema = z.strictObject({
  /** `shop/Deployment.apps/web`, as the target should have it. */
  object: z.string(),
  problem: z.enum(['object-missing', 'object-added', 'missing', 'added', 'differs']),
  /** `spec.replicas`; absent when the whole object is meant. */
  field: z.string().optional(),
  /** What the bundle has, as JSON, shortened; never anything of a Secret. */
  bundle: z.string().optional(),
  target: z.string().optional(),
});
export type ObjectDifference = z.infer<typeof objectDifferenceSchema>;

/** A difference that is none: what the target made itself, or what is held back until it is put back. */
const ignoredSchema = z.strictObject({
  object: z.string(),
  field: z.string().optional(),
  reason: z.string(),
});
export type IgnoredDifference = z.infer<typeof ignoredSchema>;

/** What `drover verify --bundle -o json` prints. */
export const comparisonSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('BundleComparison'),
  formatVersion: z.literal(1),
  tool: z.string(),
  /** When it began, ISO 8601. */
  at: z.string(),
  durationMs: z.number(),
  bundle: z.strictObject({ folder: z.string(), digest: z.string() }),
  target: z.strictObject({
    server: z.string(),
    context: z.string(),
    /** UID of the namespace kube-system. */
    uid: z.string(),
    version: z.string(),
  }),
  /** Objects of the bundle, after the transforms. */
  objects: z.array(z.string()),
  differences: z.array(objectDifferenceSchema),
  ignored: z.array(ignoredSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;
