import { z } from 'zod';
import { durationSchema, nameSchema, urlSchema } from './common.js';

const acceptanceUrlSchema = z.strictObject({
  url: urlSchema.describe('Address that is called'),
  status: z
    .array(z.number().int().min(100).max(599))
    .min(1)
    .default([200])
    .describe('HTTP statuses that are right'),
  contains: z.string().optional().describe('Text that the answer must hold'),
  from: z
    .array(z.enum(['outside', 'pod', 'ingress']))
    .min(1)
    .default(['outside', 'pod'])
    .describe('outside = this machine, pod = inside the cluster, ingress = an ingress pod'),
  insecure: z.boolean().default(false).describe('Accept any certificate'),
  timeout: durationSchema.default('10s').describe('Time after which it has failed'),
  application: nameSchema.optional().describe('Application that answers'),
});

/** What must be true at the end: `drover verify` checks and proves it. */
export const acceptanceSchema = z.strictObject({
  urls: z.array(acceptanceUrlSchema).default([]).describe('Addresses that must answer'),
  dns: z
    .array(z.string().min(1))
    .default(['kubernetes.default.svc.cluster.local'])
    .describe('Names that must resolve inside pods'),
  image: z
    .string()
    .min(1)
    // What K3s itself uses for its volumes and carries in its air-gap archive.
    .default('docker.io/rancher/mirrored-library-busybox:1.37.0')
    .describe('Image of the pods that prove the network: busybox or one with its programs'),
});
