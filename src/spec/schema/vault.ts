import { z } from 'zod';
import { durationSchema, nameSchema, secretReferenceSchema, urlSchema } from './common.js';

/** Secrets from a Vault server, put into pods by its agent. */
export const vaultSchema = z.strictObject({
  address: urlSchema.describe('Address of the Vault server').meta({ examples: ['https://10.0.0.150:8200'] }),
  mode: z
    .enum(['injector', 'csi'])
    .default('injector')
    .describe('injector = an agent beside each pod, csi = volumes'),
  namespace: nameSchema.default('vault').describe('Namespace of the injector'),
  version: z.string().optional().describe('Version of the vault chart'),
  ca: secretReferenceSchema.optional().describe('Certificate authority of the server'),
  auth: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .default('kubernetes')
        .describe('Where the Kubernetes login is mounted in Vault'),
      roles: z
        .array(
          z.strictObject({
            name: nameSchema.describe('Role in Vault'),
            namespaces: z.array(nameSchema).min(1).describe('Namespaces that may use it'),
            serviceAccounts: z
              .array(z.string())
              .min(1)
              .default(['*'])
              .describe('Service accounts that may use it'),
            policies: z.array(z.string()).min(1).describe('Policies of Vault that it gets'),
            ttl: durationSchema.default('1h').describe('How long a login lasts'),
          }),
        )
        .default([])
        .describe('Who may read what'),
    })
    .prefault({})
    .describe('How pods log in'),
});
