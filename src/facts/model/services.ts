import { z } from 'zod';

const verdictSchema = z.strictObject({ ok: z.boolean(), detail: z.string() });

/** What one node heard of one service outside the cluster, in its own words; nobody logged in. */
export const serviceSightSchema = z.strictObject({
  at: z.string(),
  /** The node that asked. */
  host: z.string(),
  /** `postgres`, or `minio on minio-02` where there is no balancer before several hosts. */
  service: z.string(),
  /** Address or DNS name, and port. */
  place: z.string(),
  /** Absent = it is called by its address. */
  name: verdictSchema.optional(),
  answer: verdictSchema,
  /** Absent = the spec tells of no TLS, or the node has no openssl. */
  certificate: verdictSchema.optional(),
});
export type ServiceSight = z.infer<typeof serviceSightSchema>;
