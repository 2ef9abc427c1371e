import { z } from 'zod';
import { addressSchema, domainNameSchema, portSchema } from './common.js';

const hostOrAddressSchema = z.union([addressSchema, domainNameSchema], {
  error: 'expected an address or a DNS name, without scheme and port',
});

/** How the Kubernetes API is reached. */
export const apiSchema = z.strictObject({
  endpoint: hostOrAddressSchema
    .optional()
    .describe('Address or name that users and joining hosts call; default: the first server'),
  port: portSchema.default(6443).describe('Port of the API'),
  sans: z
    .array(hostOrAddressSchema)
    .default([])
    .describe('Further names in the API’s certificate; endpoint and servers are always in it')
    .meta({ examples: [['api.keybuzz.io', '10.0.0.10']] }),
  kubeconfig: z
    .strictObject({
      merge: z.boolean().default(true).describe('Merge the cluster into your kubeconfig after the build'),
      context: z.string().min(1).optional().describe('Name of the context there; default: the cluster’s'),
    })
    .prefault({})
    .describe('Your own way into the cluster'),
});
