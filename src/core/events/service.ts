import { z } from 'zod';

/** What nodes heard of a service outside the cluster: the same words once, with everybody who heard them. */
export const serviceSchema = z.strictObject({
  service: z.string(),
  /** Address or DNS name, and port. */
  place: z.string(),
  heard: z.array(z.strictObject({ ok: z.boolean(), text: z.string(), hosts: z.array(z.string()) })),
});
export type Service = z.infer<typeof serviceSchema>;
