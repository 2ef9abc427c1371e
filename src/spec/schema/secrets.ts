import { z } from 'zod';
import { nameSchema } from './common.js';

/** X25519 recipients: Bech32 of 32 bytes (age specification, C2SP). Plugins and ssh keys are not read. */
const AGE = /^age1[ac-hj-np-z02-9]{58}$/;

/** Which secrets exist and who can read them; their values are never in the spec. */
export const secretsSchema = z.strictObject({
  recipients: z
    .array(
      z.string().regex(AGE, {
        error: ({ input }) =>
          String(input).startsWith('ssh-')
            ? 'ssh keys cannot be recipients: make an age key with `age-keygen` and write its public key, age1…'
            : 'expected a public key of age: age1 and 58 lower-case characters',
      }),
    )
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
