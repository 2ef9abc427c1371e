import { z } from 'zod';

/** What must be true of the target before a wave of objects may be written. Awaited on a watch, with a time limit. */
export const gateSchema = z.discriminatedUnion('kind', [
  /** A CustomResourceDefinition is Established and the API serves it. */
  z.strictObject({ kind: z.literal('crd'), name: z.string() }),
  /** A namespace is Active and has its default ServiceAccount. */
  z.strictObject({ kind: z.literal('namespace'), name: z.string() }),
  /** All replicas of a workload are ready: an operator, or the back end of a webhook. */
  z.strictObject({
    kind: z.literal('workload'),
    workload: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
    namespace: z.string(),
    name: z.string(),
  }),
  /** A Service has a ready endpoint. */
  z.strictObject({ kind: z.literal('service'), namespace: z.string(), name: z.string() }),
  /** An APIService is Available. */
  z.strictObject({ kind: z.literal('api-service'), name: z.string() }),
]);
export type Gate = z.infer<typeof gateSchema>;
