import { z } from 'zod';
import { nameSchema } from './common.js';
import { hostsSchema, sshSchema } from './hosts.js';
import { networkSchema } from './network.js';

/** `kind: Cluster`: the only declaration of what a user may write. Types, JSON Schema, help and docs derive from it. */
export const clusterSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('Cluster'),
  metadata: z.strictObject({ name: nameSchema.describe('Name of the cluster') }),
  spec: z.strictObject({
    ssh: sshSchema.prefault({}),
    hosts: hostsSchema,
    network: networkSchema,
  }),
});
export type ClusterDocument = z.output<typeof clusterSchema>;
export type ClusterSpec = ClusterDocument['spec'];
