import { z } from 'zod';
import { durationSchema, sha256Schema, urlSchema } from './common.js';

/** Where a binary comes from. Whatever the way, its digest decides. */
const sourceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('release').describe('The official release'),
      sha256: sha256Schema.optional().describe('Digest of the binary; default: the release’s own list'),
    }),
    z.strictObject({
      kind: z.literal('url').describe('One address'),
      url: urlSchema.describe('Address of the binary'),
      sha256: sha256Schema.describe('Digest of the binary'),
    }),
    z.strictObject({
      kind: z.literal('mirror').describe('A mirror that has the layout of the official releases'),
      url: urlSchema.describe('Base address of the mirror'),
      sha256: sha256Schema.optional().describe('Digest of the binary; default: the mirror’s own list'),
    }),
    z.strictObject({
      kind: z.literal('file').describe('A file on the operator’s machine'),
      file: z.string().min(1).describe('Path of the binary, relative to the spec'),
      sha256: sha256Schema.optional().describe('Digest of the binary'),
    }),
  ])
  .describe('Where the distribution comes from');

const airgapSchema = z
  .strictObject({
    images: z
      .string()
      .regex(/^(?!\w+:\/\/)./, 'expected a path: fetch the archive beforehand, addresses are not followed')
      .describe('Archive of images, path relative to the spec'),
    sha256: sha256Schema.optional().describe('Digest of the archive'),
  })
  .describe('Images that are put on the hosts instead of being pulled');

const configSchema = z.record(z.string(), z.unknown()).default({});

const k3sSchema = z.strictObject({
  kind: z.literal('k3s').describe('K3s: one binary, embedded etcd'),
  version: z
    .string()
    .default('v1.36.4+k3s1')
    .describe('Release of K3s')
    .meta({ examples: ['v1.36.4+k3s1', 'v1.34.2+k3s1'] }),
  source: sourceSchema.prefault({ kind: 'release' }),
  airgap: airgapSchema.optional(),
  config: configSchema
    .describe('Further keys of config.yaml on servers; what Drover sets itself is refused with the right key')
    .meta({ examples: [{ 'secrets-encryption': true }] }),
  agentConfig: configSchema.describe('Further keys of config.yaml on agents'),
  registries: z.record(z.string(), z.unknown()).optional().describe('Content of registries.yaml'),
  snapshots: z
    .strictObject({
      schedule: z.string().default('0 */12 * * *').describe('Cron schedule of etcd snapshots'),
      retention: z.number().int().min(1).default(5).describe('Snapshots that are kept'),
    })
    .prefault({})
    .describe('Scheduled snapshots of etcd'),
});

const kubespraySchema = z.strictObject({
  kind: z.literal('kubespray').describe('Kubespray: kubeadm clusters made by Ansible'),
  version: z
    .string()
    .default('v2.31.0')
    .describe('Release of Kubespray')
    .meta({ examples: ['v2.31.0'] }),
  kubernetes: z
    .string()
    .optional()
    .describe('Kubernetes version; default: the one of the release')
    .meta({ examples: ['1.35.4'] }),
  source: sourceSchema.prefault({ kind: 'release' }),
  airgap: airgapSchema.optional(),
  variables: configSchema
    .describe('Further group variables; what Drover sets itself is refused with the right key')
    .meta({ examples: [{ kube_encrypt_secret_data: true }] }),
  timeout: durationSchema.default('2h').describe('Longest time a playbook may take'),
});

export const distributionSchema = z.discriminatedUnion('kind', [k3sSchema, kubespraySchema]);
