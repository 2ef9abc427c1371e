import { z } from 'zod';
import {
  bytesSchema,
  domainNameSchema,
  durationSchema,
  nameSchema,
  secretReferenceSchema,
} from './common.js';
import { logsSchema } from './logs.js';

const percent = (standard: number, what: string) =>
  z.number().min(0).max(100).default(standard).describe(`${what}, in percent`);

/** From when on somebody is told. Every alert is in src/steps/monitoring/alerts. */
const alertsSchema = z.strictObject({
  nodeLostAfter: durationSchema
    .default('2m')
    .describe('A node whose kubelet has not answered for so long is lost'),
  diskFree: percent(15, 'Less of a disk of a node is free; critical at a third of it'),
  volumeFree: percent(15, 'Less of a volume is free; critical at a third of it'),
  memoryFree: percent(5, 'Less memory of a node is available'),
  certificateDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(21)
    .describe('A certificate ends in fewer days; critical at a third of it'),
  dnsErrors: percent(1, 'More answers of the cluster’s DNS are failures'),
  ingressErrors: percent(5, 'More answers behind the ingress are 5xx'),
  receivers: z
    .array(z.string().regex(/^[a-z0-9.-]+:\d{1,5}$/i, 'expected HOST:PORT'))
    .default([])
    .describe(
      'Alertmanagers that alerts are sent to; without one they are seen in Prometheus and Grafana alone',
    ),
});

const exporterSchema = z.strictObject({
  kind: z
    .enum(['postgres', 'redis', 'rabbitmq', 'minio'])
    .describe('postgres and redis = an exporter beside Prometheus; others give figures themselves'),
  service: nameSchema.describe('External service that it watches'),
  username: secretReferenceSchema
    .optional()
    .describe('Who logs in; default: the name of the service’s credentials'),
  password: secretReferenceSchema
    .optional()
    .describe('How it logs in; default: the password of the service’s credentials'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe('Port with the figures of rabbitmq (15692) and minio (the port of the service)'),
});

/** Prometheus, Grafana and exporters. */
export const monitoringSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Install it'),
  namespace: nameSchema.default('monitoring').describe('Namespace'),
  purpose: nameSchema.optional().describe('Run Prometheus, Grafana and exporters on hosts of this purpose'),
  interval: durationSchema.default('15s').describe('Time between two looks at everything that gives figures'),
  retention: z
    .string()
    .regex(/^\d+[hdwy]$/, 'expected a time such as 15d')
    .default('15d')
    .describe('How long figures are kept'),
  storage: bytesSchema.default('20Gi').describe('Disk for figures; the oldest go when it is nearly full'),
  storageClass: z.string().min(1).optional().describe('Storage class of that disk; default: the cluster’s'),
  memory: bytesSchema.default('2Gi').describe('Memory that Prometheus may use'),
  nodeExporter: z
    .strictObject({
      port: z.number().int().min(1).max(65535).default(9100).describe('Port on every node'),
    })
    .prefault({})
    .describe('Figures of the machines'),
  grafana: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Install it'),
      host: domainNameSchema.optional().describe('Name under which it is reached'),
      adminPassword: secretReferenceSchema.optional().describe('Password of the administrator'),
    })
    .prefault({})
    .describe('Dashboards'),
  logs: logsSchema.prefault({}).describe('Logs of all pods'),
  exporters: z.array(exporterSchema).default([]).describe('Services outside the cluster that are watched'),
  alerts: alertsSchema.prefault({}).describe('From when on somebody is told'),
  images: z
    .partialRecord(
      z.enum([
        'prometheus',
        'node-exporter',
        'kube-state-metrics',
        'grafana',
        'loki',
        'otelcol',
        'postgres-exporter',
        'redis-exporter',
      ]),
      z.string().min(1),
    )
    .default({})
    .describe('Images to use in place of those of this version'),
});
