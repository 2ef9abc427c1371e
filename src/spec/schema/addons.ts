import { z } from 'zod';
import { nameSchema, sha256Schema, urlSchema } from './common.js';

const valuesSchema = z.record(z.string(), z.unknown()).default({}).describe('Helm values');

const repositorySchema = z.union([urlSchema, z.string().startsWith('oci://')]);

const chartSchema = z.strictObject({
  name: nameSchema.describe('Name of the release'),
  namespace: nameSchema.describe('Namespace of the release'),
  repository: repositorySchema.describe('Repository of the chart'),
  chart: z.string().min(1).describe('Name of the chart'),
  version: z.string().min(1).describe('Version of the chart'),
  digest: sha256Schema.optional().describe('SHA-256 of the archive (.tgz); default: Drover’s own table'),
  file: z.string().min(1).optional().describe('An archive at hand (.tgz): nothing is fetched'),
  values: valuesSchema,
});

const enabled = (on: boolean) => z.boolean().default(on).describe('Install it');

/** What every cluster needs besides its network. */
export const addonsSchema = z.strictObject({
  coredns: z
    .strictObject({
      enabled: enabled(true),
      replicas: z.number().int().min(1).optional().describe('Replicas; default: the distribution’s'),
    })
    .prefault({})
    .describe('DNS of the cluster'),
  metricsServer: z
    .strictObject({ enabled: enabled(true) })
    .prefault({})
    .describe('CPU and memory figures for kubectl top and autoscaling'),
  localPath: z
    .strictObject({
      enabled: enabled(true),
      path: z.string().startsWith('/').optional().describe('Folder of volumes on the hosts'),
      defaultClass: z.boolean().default(true).describe('Use it where no storage class is named'),
    })
    .prefault({})
    .describe('Volumes on the local disks of hosts'),
  serviceLb: z
    .strictObject({ enabled: enabled(false) })
    .prefault({})
    .describe('K3s’ own load balancer for Services; off when there are others'),
  certManager: z
    .strictObject({
      enabled: enabled(false),
      version: z.string().optional().describe('Version of cert-manager'),
      email: z.email().optional().describe('Contact address for the certificate authority'),
      server: urlSchema.optional().describe('ACME directory; default: Let’s Encrypt'),
    })
    .prefault({})
    .describe('Certificates by ACME'),
  charts: z.array(chartSchema).default([]).describe('Further Helm charts'),
  chartMirror: repositorySchema
    .optional()
    .describe('Repository to take all charts from instead of their own'),
});
