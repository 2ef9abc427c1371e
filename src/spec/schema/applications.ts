import { z } from 'zod';
import {
  bytesSchema,
  cpuSchema,
  domainNameSchema,
  durationSchema,
  nameSchema,
  portSchema,
  secretReferenceSchema,
} from './common.js';
import { appVaultSchema } from './vault.js';

const envValueSchema = z.union([z.string(), z.number(), z.boolean(), secretReferenceSchema], {
  error: 'expected a text, or {secret, key} for a value that must not be seen',
});

/** Until readiness and start are known nobody is served, so that they are asked for more often. */
const probeSchema = (period: '5s' | '10s') =>
  z.strictObject({
    path: z
      .string()
      .startsWith('/')
      .optional()
      .describe('Path of an HTTP check; default: the port is opened'),
    port: z.union([portSchema, nameSchema]).optional().describe('Port or its name; default: the first'),
    command: z.array(z.string()).min(1).optional().describe('Command instead of a port'),
    initialDelay: durationSchema.default('0s').describe('Time before the first check'),
    period: durationSchema.default(period).describe('Time between two checks'),
    timeout: durationSchema.default('1s').describe('Time after which a check has failed'),
    failures: z.number().int().min(1).default(3).describe('Failures in a row that count'),
  });

const resourcesSchema = z.strictObject({
  requests: z
    .strictObject({
      cpu: cpuSchema.optional().describe('CPU that is set aside'),
      memory: bytesSchema.optional().describe('Memory that is set aside'),
    })
    .prefault({})
    .describe('What the scheduler sets aside'),
  limits: z
    .strictObject({
      cpu: cpuSchema.optional().describe('Most CPU'),
      memory: bytesSchema.optional().describe('Most memory; more ends the pod'),
    })
    .prefault({})
    .describe('What a pod may not exceed'),
});

const hpaSchema = z.strictObject({
  min: z.number().int().min(1).default(2).describe('Fewest replicas'),
  max: z.number().int().min(1).describe('Most replicas'),
  cpu: z.number().int().min(1).max(100).default(75).describe('CPU in percent of the request to aim at'),
  memory: z.number().int().min(1).max(100).optional().describe('Memory in percent of the request to aim at'),
});

const appIngressSchema = z.strictObject({
  hosts: z.array(domainNameSchema).min(1).describe('Names under which the application is reached'),
  path: z.string().startsWith('/').default('/').describe('Path prefix'),
  port: z.union([portSchema, nameSchema]).optional().describe('Port or its name; default: the first'),
  tls: z
    .union([z.boolean(), z.strictObject({ secret: nameSchema.describe('Secret with the certificate') })])
    .default(true)
    .describe('true = the certificate of ingress or cert-manager'),
  annotations: z.record(z.string(), z.string()).default({}).describe('Annotations for the controller'),
});

const storageSchema = z.strictObject({
  name: nameSchema.describe('Name of the volume'),
  mountPath: z.string().startsWith('/').describe('Where it is mounted'),
  size: bytesSchema.describe('Size'),
  className: nameSchema.optional().describe('Storage class; default: the cluster’s'),
  accessMode: z
    .enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])
    .default('ReadWriteOnce')
    .describe('Who may mount it'),
});

/** An application as a plain Deployment with its Service, Ingress and autoscaling. */
const applicationSchema = z.strictObject({
  name: nameSchema.describe('Name of the Deployment and its Service'),
  namespace: nameSchema.describe('Namespace'),
  enabled: z.boolean().default(true).describe('Deploy it'),
  image: z
    .string()
    .min(1)
    .describe('Image with tag or digest')
    .meta({ examples: ['ghcr.io/keybuzz/api:1.4.2'] }),
  pullSecret: nameSchema.optional().describe('Secret to pull the image with'),
  command: z.array(z.string()).optional().describe('Replaces the image’s entry point'),
  args: z.array(z.string()).optional().describe('Replaces the image’s arguments'),
  replicas: z.number().int().min(0).default(2).describe('Pods, where no autoscaling decides'),
  ports: z
    .array(
      z.strictObject({
        name: nameSchema.describe('Name of the port'),
        port: portSchema.describe('Port of container and Service'),
        protocol: z.enum(['TCP', 'UDP']).default('TCP').describe('Protocol'),
      }),
    )
    .default([])
    .describe('Ports that it listens on'),
  env: z.record(z.string(), envValueSchema).default({}).describe('Variables; secrets by reference'),
  vault: appVaultSchema.optional().describe('Files with secrets from the Vault server of the spec'),
  probes: z
    .strictObject({
      startup: probeSchema('5s').optional().describe('Has it started?'),
      readiness: probeSchema('5s').optional().describe('May it get traffic?'),
      liveness: probeSchema('10s').optional().describe('Must it be restarted?'),
    })
    .prefault({})
    .describe('Health checks'),
  resources: resourcesSchema.prefault({}).describe('CPU and memory'),
  hpa: hpaSchema.optional().describe('Autoscaling'),
  ingress: appIngressSchema.optional().describe('How it is reached from outside'),
  storage: z.array(storageSchema).default([]).describe('Volumes'),
  needs: z
    .array(nameSchema)
    .default([])
    .describe('External services and applications that must answer first'),
  startsWithin: durationSchema
    .default('5m')
    .describe('Time in which its pods must get ready, pulling the image included; then the run stops'),
  egress: z
    .enum(['needs', 'any'])
    .default('needs')
    .describe('Where its pods may connect to: what it needs and DNS, or anywhere'),
  purpose: nameSchema.optional().describe('Run it on hosts of this purpose'),
  module: z.string().optional().describe('Group under which reports list it'),
});

export const applicationsSchema = z.array(applicationSchema);
