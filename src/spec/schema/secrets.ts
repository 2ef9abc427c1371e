import { z } from 'zod';
import { nameSchema } from './common.js';

/** Which secrets exist and who can read them; their values are never in the spec. */
export const secretsSchema = z.strictObject({
  recipients: z
    .array(z.string().regex(/^(age1[a-z0-9]+|ssh-(ed25519|rsa) \S+.*)$/, 'expected an age or ssh public key'))
    .default([])
    .describe('Public keys that secrets, exports and pre-images are encrypted to')
    .meta({ examples: [['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p']] }),
  file: z.string().default('secrets.age').describe('The encrypted store, relative to the spec'),
  declared: z
    .array(
      z.strictObject({
        name: nameSchema.describe('Name of the secret'),
        keys: z.array(z.string().min(1)).min(1).describe('Keys in it'),
        description: z.string().optional().describe('What it is for'),
      }),
    )
    .default([])
    .describe('Secrets that the store must hold'),
});
