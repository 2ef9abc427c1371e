import { z } from 'zod';
import { bytesSchema } from './common.js';

/** Logs of pods, kept in the cluster. */
export const logsSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Install Loki, and a collector on every node'),
  retention: z
    .string()
    .regex(/^[1-9]\d*[dw]$/, 'expected days or weeks such as 7d')
    .default('7d')
    .describe('How long lines are kept'),
  storage: bytesSchema
    .default('20Gi')
    .describe('Disk for lines; a single container is slowed down before it fills half of it'),
  storageClass: z.string().min(1).optional().describe('Storage class of that disk; default: the cluster’s'),
  memory: bytesSchema.default('1Gi').describe('Memory that Loki may use'),
});
