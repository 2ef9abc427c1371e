import { z } from 'zod';
import { clusterFactsSchema } from '../cluster/cluster-facts.js';
import { hostFactsSchema } from './host-facts.js';
import { candidateNetworkSchema, probeMatrixSchema } from './probe-matrix.js';
import { serviceSightSchema } from './services.js';

/** Everything that was observed at one time: saved, shared, diagnosed again without any host. Holds no secret. */
export const factsFileSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('Facts'),
  /** Minor of the facts format; readers refuse a higher one. */
  formatVersion: z.literal(1),
  tool: z.string(),
  realm: z.string(),
  /** ISO 8601. */
  at: z.string(),
  cluster: z.string().optional(),
  /** SHA-256 of the spec that the facts were collected for. */
  specHash: z.string().optional(),
  /** What was not measured and why, for people: `--no-probes`, `--passive`, no perl … */
  notMeasured: z.array(z.string()),
  hosts: z.array(hostFactsSchema),
  /** What the API of a running cluster told, when it was asked. */
  kubernetes: clusterFactsSchema.optional(),
  /** What nodes heard of services outside the cluster, where they were asked. */
  services: z.array(serviceSightSchema).optional(),
  networks: z.array(candidateNetworkSchema),
  probes: z.array(probeMatrixSchema),
});
export type FactsFile = z.infer<typeof factsFileSchema>;
