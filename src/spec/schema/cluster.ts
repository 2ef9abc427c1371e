import { z } from 'zod';
import { acceptanceSchema } from './acceptance.js';
import { addonsSchema } from './addons.js';
import { apiSchema } from './api.js';
import { applicationsSchema } from './applications.js';
import { nameSchema } from './common.js';
import { distributionSchema } from './distribution.js';
import { externalServicesSchema } from './external-services.js';
import { hostsSchema, sshSchema } from './hosts.js';
import { ingressSchema } from './ingress.js';
import { labSchema } from './lab.js';
import { loadBalancersSchema } from './load-balancers.js';
import { monitoringSchema } from './monitoring.js';
import { networkSchema } from './network.js';
import { policySchema } from './policy.js';
import { preparationSchema } from './preparation.js';
import { secretsSchema } from './secrets.js';
import { vaultSchema } from './vault.js';

const metadataSchema = z.strictObject({
  name: nameSchema.describe('Name of the cluster'),
  environment: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'))
    .default([])
    .describe('Environment variables that ${NAME} may stand for in this file; others are left as written'),
});

/** The sections of `spec`. A rule that reads a section runs when that section is valid, whatever the others are. */
export const sections = {
  ssh: sshSchema.prefault({}).describe('How Drover logs in to hosts'),
  hosts: hostsSchema,
  network: networkSchema.describe('Ranges, cluster network and the network of the provider'),
  distribution: distributionSchema
    .prefault({ kind: 'k3s' })
    .describe('Which Kubernetes, which version, from where'),
  api: apiSchema.prefault({}).describe('How the Kubernetes API is reached'),
  preparation: preparationSchema
    .prefault({})
    .describe('What is done to every host before a cluster is put on it'),
  addons: addonsSchema.prefault({}).describe('DNS, metrics, storage, certificates, further charts'),
  ingress: ingressSchema.prefault({}).describe('How HTTP enters the cluster'),
  loadBalancers: loadBalancersSchema.default([]).describe('Load balancers in front of the hosts'),
  externalServices: externalServicesSchema
    .default([])
    .describe('Databases, queues and stores outside the cluster'),
  applications: applicationsSchema.default([]).describe('What runs on the cluster'),
  monitoring: monitoringSchema.prefault({}).describe('Prometheus, Grafana and exporters'),
  vault: vaultSchema.optional().describe('Secrets from a Vault server'),
  acceptance: acceptanceSchema.prefault({}).describe('What must be true at the end'),
  policy: policySchema.prefault({}).describe('Rules for workloads, and accepted exceptions'),
  secrets: secretsSchema.prefault({}).describe('Which secrets exist and who can read them'),
  lab: labSchema.prefault({}).describe('How the local lab makes the hosts'),
} as const;

/** `kind: Cluster`: the only declaration of what a user may write. Types, JSON Schema, help and docs derive from it. */
export const clusterSchema = z.strictObject({
  apiVersion: z.literal('drover/v1').describe('Version of this format'),
  kind: z.literal('Cluster').describe('What this file describes'),
  metadata: metadataSchema.describe('What the cluster is called'),
  spec: z.strictObject(sections).describe('The cluster that is wanted'),
});
type ClusterDocument = z.output<typeof clusterSchema>;
export type ClusterSpec = ClusterDocument['spec'];
export type SectionName = keyof typeof sections;
