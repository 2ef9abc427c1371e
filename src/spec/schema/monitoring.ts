import { z } from 'zod';
import { bytesSchema, domainNameSchema, nameSchema, secretReferenceSchema } from './common.js';

/** Prometheus, Grafana and exporters. */
export const monitoringSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Install it'),
  namespace: nameSchema.default('monitoring').describe('Namespace'),
  version: z.string().optional().describe('Version of the kube-prometheus-stack chart'),
  purpose: nameSchema.optional().describe('Run it on hosts of this purpose'),
  retention: z
    .string()
    .regex(/^\d+[hdwy]$/, 'expected a time such as 15d')
    .default('15d')
    .describe('How long figures are kept'),
  storage: bytesSchema.default('20Gi').describe('Disk for figures'),
  grafana: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Install it'),
      host: domainNameSchema.optional().describe('Name under which it is reached'),
      adminPassword: secretReferenceSchema.optional().describe('Password of the administrator'),
    })
    .prefault({})
    .describe('Dashboards'),
  exporters: z
    .array(
      z.strictObject({
        kind: z
          .enum(['node', 'postgres', 'redis', 'rabbitmq', 'minio', 'mariadb', 'blackbox'])
          .describe('Exporter'),
        service: nameSchema.optional().describe('External service that it watches'),
        credentials: secretReferenceSchema.optional().describe('How it logs in'),
      }),
    )
    .default([])
    .describe('Exporters besides those of the stack'),
  values: z.record(z.string(), z.unknown()).default({}).describe('Further Helm values'),
});
