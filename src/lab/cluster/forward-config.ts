import { z } from 'zod';
import { addressSchema, portSchema } from '../../spec/schema/common.js';

/** Where the forwarder leads: servers in the order in which they are tried. */
export const forwardConfigSchema = z.strictObject({
  servers: z.array(addressSchema).min(1),
  port: portSchema,
});
export type ForwardConfig = z.infer<typeof forwardConfigSchema>;
