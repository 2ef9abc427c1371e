import { z } from 'zod';

/** Why a field of an object is not in the bundle. */
export const removalReasonSchema = z.enum([
  /** managedFields name a controller as its only owner. */
  'owned-by-controller',
  /** The server sets it on every object. */
  'server-metadata',
  /** Observed state, made anew on the target. */
  'status',
  /** It names something that exists in the source cluster alone (node, address, port, volume). */
  'cluster-specific',
  /** A tool left it there for itself. */
  'tool-trace',
  /** A controller computes it from other fields. */
  'computed',
  /** Its owner or controller does not move along. */
  'controller-absent',
]);
export type RemovalReason = z.infer<typeof removalReasonSchema>;

/** One field that was taken out of an object. */
export const removedFieldSchema = z.strictObject({
  /** `spec.ports[0].nodePort`, `metadata.annotations["kubectl.kubernetes.io/restartedAt"]`. */
  path: z.string(),
  reason: removalReasonSchema,
  /** The owner that managedFields name, such as `kube-controller-manager`. */
  owner: z.string().optional(),
});
export type RemovedField = z.infer<typeof removedFieldSchema>;

/** Line of `report/objects.jsonl`: what became of one exported object. */
export const objectReportSchema = z.strictObject({
  object: z.string(),
  removed: z.array(removedFieldSchema),
});
export type ObjectReport = z.infer<typeof objectReportSchema>;

/** Line of `report/left-out.jsonl`: an object that is not in the bundle. */
export const leftOutSchema = z.strictObject({ object: z.string(), reason: z.string() });
export type LeftOut = z.infer<typeof leftOutSchema>;

/** Something a person should know about before restoring. */
export const bundleFindingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  object: z.string().optional(),
  message: z.string(),
  /** How to go on. */
  hint: z.string().optional(),
});
export type BundleFinding = z.infer<typeof bundleFindingSchema>;
