import { z } from 'zod';
import {
  addressSchema,
  certificatesSchema,
  domainNameSchema,
  healthCheckSchema,
  nameSchema,
  portSchema,
  secretReferenceSchema,
} from './common.js';

/** A stateful service outside the cluster that applications need. Drover checks that pods reach it. */
const externalServiceSchema = z.strictObject({
  name: nameSchema.describe('Name; also the name of the Service inside the cluster'),
  kind: z
    .enum(['postgresql', 'redis', 'rabbitmq', 'minio', 's3', 'mariadb', 'proxysql', 'qdrant', 'other'])
    .describe('What it speaks'),
  hosts: z.array(nameSchema).default([]).describe('Hosts of the spec that it runs on'),
  endpoint: z
    .union([addressSchema, domainNameSchema], { error: 'expected an address or a DNS name, without port' })
    .optional()
    .describe('Where it is called; default: its load balancer, else its first host'),
  loadBalancer: nameSchema.optional().describe('Load balancer in front of it'),
  port: portSchema.describe('Port that applications call'),
  ports: z.record(z.string(), portSchema).default({}).describe('Further ports by name'),
  tls: z.boolean().default(false).describe('Speaks TLS'),
  ca: certificatesSchema
    .optional()
    .describe('Certificates, in PEM form, of who signs its certificate; default: those that nodes trust'),
  namespaces: z
    .array(nameSchema)
    .default([])
    .describe('Namespaces that get a Service of this name; default: those of the applications that need it'),
  credentials: z
    .strictObject({
      username: secretReferenceSchema.optional().describe('Name to log in with'),
      password: secretReferenceSchema.optional().describe('Password to log in with'),
    })
    .optional()
    .describe('Where applications find name and password'),
  health: healthCheckSchema.prefault({}).describe('How it proves that it is healthy'),
});

export const externalServicesSchema = z.array(externalServiceSchema);
