import { z } from 'zod';
import { nameSchema, secretReferenceSchema } from './common.js';
import { secretsSchema } from './secrets.js';
import { transformSchema } from './transforms.js';

/** How one cluster is reached, in kubectl's words. */
const clusterAccessSchema = z.strictObject({
  kubeconfig: z
    .string()
    .optional()
    .describe('Kubeconfig, relative to this file; default: as kubectl finds it'),
  context: z.string().optional().describe('Context in it; default: the current one'),
  as: z.string().optional().describe('User to impersonate'),
  uid: z.uuid().optional().describe('UID of the namespace kube-system: any other cluster is refused'),
});

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable')
  .describe('Variable of the environment or of spec.secrets.env');

const kindList = z
  .array(z.string().regex(/^[A-Za-z]+(\.[a-z0-9.-]+)?$/, 'expected a kind such as Deployment.apps'))
  .default([]);

const selectionSchema = z.strictObject({
  namespaces: z.array(nameSchema).default([]).describe('Only these; default: all but those of the system'),
  include: kindList.describe('Only these kinds'),
  exclude: kindList.describe('Not these kinds'),
  nodePorts: z
    .enum(['own', 'all'])
    .default('own')
    .describe('Node ports to keep: those that a person chose, or all'),
  distributionRules: z
    .boolean()
    .default(true)
    .describe('Leave out what belongs to the distribution of the source when the target has another'),
});

const restoreSchema = z.strictObject({
  existing: z
    .enum(['skip', 'update', 'fail'])
    .default('fail')
    .describe('What to do with objects that the target has already'),
  replicas: z.enum(['keep', 'zero']).default('keep').describe('zero: workloads start when they are put back'),
  cronJobs: z
    .enum(['keep', 'suspend'])
    .default('suspend')
    .describe('suspend: they run when they are put back'),
  concurrency: z.number().int().min(1).max(64).default(16).describe('Requests at the same time'),
});

/** Credentials of an image registry: becomes a pull secret in each of the namespaces. */
const registrySchema = z.strictObject({
  server: z.string().min(1).describe('Registry: rg.fr-par.scw.cloud'),
  secret: nameSchema.describe('Name of the Secret'),
  namespaces: z.array(nameSchema).min(1).describe('Where it is needed'),
  username: z.string().default('nologin').describe('User name; no secret'),
  password: variable,
});

/** Credentials of a DNS provider, for external-dns and ACME challenges. */
const dnsSchema = z.strictObject({
  provider: z.string().min(1).describe('Who serves the zone: scaleway, cloudflare'),
  secret: nameSchema.describe('Name of the Secret'),
  namespace: nameSchema.describe('Where it is needed'),
  keys: z.record(z.string().min(1), variable).describe('Keys of the Secret, and the variable of each'),
});

const migrationSecretsSchema = secretsSchema.omit({ file: true, declared: true }).extend({
  env: z
    .string()
    .optional()
    .describe('File of variables (.env, .envrc), relative; it is read, never executed'),
  registries: z.array(registrySchema).default([]).describe('Credentials of image registries'),
  dns: z.array(dnsSchema).default([]).describe('Credentials of DNS providers'),
  required: z
    .array(secretReferenceSchema.extend({ namespace: nameSchema.describe('Namespace of the Secret') }))
    .default([])
    .describe('Values that must exist before anything is restored'),
});

/** The sections of `spec` of a migration. */
export const migrationSections = {
  source: clusterAccessSchema
    .optional()
    .describe('Cluster that the objects come from; may be gone once there is a bundle'),
  target: clusterAccessSchema.prefault({}).describe('Cluster that the objects go to'),
  bundle: z.string().default('bundle').describe('Folder of the bundle, relative to this file'),
  select: selectionSchema.prefault({}).describe('What is carried'),
  transforms: z.array(transformSchema).default([]).describe('What is changed on the way, in this order'),
  restore: restoreSchema.prefault({}).describe('How the objects are put into the target'),
  secrets: migrationSecretsSchema
    .prefault({})
    .describe('Who can read the secrets, and which come from outside'),
} as const;

/** `kind: Migration`: objects of one cluster carried to another. */
export const migrationSchema = z.strictObject({
  apiVersion: z.literal('drover/v1').describe('Version of this format'),
  kind: z.literal('Migration').describe('What this file describes'),
  metadata: z.strictObject({
    name: nameSchema.describe('Name of the migration'),
    environment: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'))
      .default([])
      .describe('Environment variables that ${NAME} may stand for in this file'),
  }),
  spec: z.strictObject(migrationSections).describe('What is carried, from where, to where'),
});
export type MigrationDocument = z.output<typeof migrationSchema>;
export type MigrationSpec = MigrationDocument['spec'];
export type ClusterAccess = z.output<typeof clusterAccessSchema>;
