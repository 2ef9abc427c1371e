import { z } from 'zod';
import { certificatesSchema, durationSchema, nameSchema } from './common.js';

/** Paths of Vault without a slash at either end: they become parts of policies and templates, where anything else has a meaning. */
const pathSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
    'expected a path such as team/database: letters, digits, dashes, dots and underscores between slashes',
  );

/** One value of Vault: the path of a secret below the KV engine, and the key in it. Never the value itself. */
const vaultReferenceSchema = z.strictObject({
  path: pathSchema
    .describe('Path of the secret below the KV engine, without its mount and without `data/`')
    .meta({ examples: ['keybuzz/database'] }),
  key: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected letters, digits and underscores: a template names it')
    .describe('Key in the secret'),
});

/** What an application gets from Vault, as files that its pods read. */
export const appVaultSchema = z.strictObject({
  role: nameSchema
    .optional()
    .describe('Role and policy in Vault; default: CLUSTER-NAMESPACE-NAME, for this application alone'),
  files: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/, 'expected the name of a file, without a folder')
          .describe('File below /vault/secrets'),
        env: z
          .record(
            z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'),
            vaultReferenceSchema,
          )
          .optional()
          .describe("Variables as lines that a shell reads: NAME='value'"),
        value: vaultReferenceSchema.optional().describe('One value, as it is: a certificate, a license'),
      }),
    )
    .min(1)
    .describe('Files with values from Vault; they follow when a value changes there'),
});

/** Secrets from a Vault server outside the cluster, brought into pods by its agent. */
export const vaultSchema = z.strictObject({
  address: z
    .url({ protocol: /^https$/, error: 'expected an https address: secrets would travel in plain text' })
    .describe('Address of the Vault server')
    .meta({ examples: ['https://10.0.0.150:8200'] }),
  ca: certificatesSchema
    .optional()
    .describe(
      'Certificates, in PEM form, of who signs its certificate; default: those that nodes and the agent trust',
    ),
  namespace: pathSchema.optional().describe('Namespace within Vault; default: its root'),
  mount: pathSchema.default('secret').describe('Where the KV engine, version 2, is mounted'),
  auth: z
    .strictObject({
      path: pathSchema.default('kubernetes').describe('Where the Kubernetes login is mounted'),
      audience: z.string().min(1).default('vault').describe('Whom tokens of pods are made for: Vault alone'),
      ttl: durationSchema.default('1h').describe('How long a login lasts; the agent renews it'),
      reviewer: z
        .strictObject({
          namespace: nameSchema.default('vault').describe('Its namespace'),
          name: nameSchema.default('vault-reviewer').describe('Its name'),
        })
        .prefault({})
        .describe('Service account by which Vault asks this cluster whose a token is'),
    })
    .prefault({})
    .describe('How pods log in'),
  agent: z
    .strictObject({
      by: z
        .enum(['drover', 'injector'])
        .default('drover')
        .describe('drover = written into the pods, injector = by annotations, where its webhook runs'),
      image: z.string().min(1).default('docker.io/hashicorp/vault:1.21.4').describe('Image of the agent'),
      refresh: durationSchema.default('5m').describe('Time in which a changed value reaches the pods'),
    })
    .prefault({})
    .describe('Who brings secrets into pods'),
});
