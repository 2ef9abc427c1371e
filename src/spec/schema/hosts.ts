import { z } from 'zod';
import { addressSchema, nameSchema, portSchema } from './common.js';

/** How Drover logs in; each key overrides the user's ssh configuration. */
export const sshSchema = z.strictObject({
  user: z.string().optional().describe('Login name; default: what ssh configuration says'),
  port: portSchema.optional().describe('Port of sshd; default: what ssh configuration says'),
  identityFile: z.string().optional().describe('Private key; default: agent and ssh configuration'),
  jump: z.string().optional().describe('Jump host, as ssh -J takes it'),
  sudo: z.boolean().default(false).describe('Run commands on hosts through `sudo -n`'),
});

/** `sshSchema` without its defaults: a key that is left out must not hide the one of `spec.ssh`. */
const sshOverrideSchema = sshSchema
  .extend({ sudo: z.boolean().describe('Run commands on this host through `sudo -n`') })
  .partial();

const taintSchema = z.strictObject({
  key: z.string().describe('Key of the taint'),
  value: z.string().optional().describe('Value of the taint'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .describe('What happens to pods that do not tolerate it'),
});

const hostRoleSchema = z.enum(['server', 'agent', 'external']);
export type HostRole = z.infer<typeof hostRoleSchema>;

export const hostSchema = z.strictObject({
  name: nameSchema.describe('Host name, and node name in the cluster'),
  address: addressSchema.describe('Address on the node network'),
  publicAddress: addressSchema.optional().describe('Public address, when the host has one'),
  role: hostRoleSchema.describe(
    'server = control plane with etcd, agent = worker, external = not part of the cluster',
  ),
  purpose: z.string().optional().describe('What the host is for; becomes the label drover.dev/purpose'),
  labels: z.record(z.string(), z.string()).default({}).describe('Node labels'),
  taints: z.array(taintSchema).default([]).describe('Node taints'),
  ssh: sshOverrideSchema.optional().describe('Differs from spec.ssh for this host'),
});

/** What a column of a hosts table can mean. */
const TABLE_FIELDS = [
  'name',
  'address',
  'publicAddress',
  'role',
  'subrole',
  'stack',
  'environment',
  'notes',
  'domain',
  'user',
  'port',
  'pool',
  'purpose',
] as const;
export type TableField = (typeof TABLE_FIELDS)[number];
const tableFieldSchema = z.enum(TABLE_FIELDS);

/** Takes hosts from a table such as servers.tsv. Columns are found by their header, in French or English. */
const hostsFileSchema = z.strictObject({
  file: z.string().describe('Path, relative to the spec'),
  where: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .default({ ROLE: 'k3s' })
    .describe('Rows that become cluster hosts: column = value; other rows stay known as external hosts')
    .meta({ examples: [{ ROLE: 'k3s' }] }),
  columns: z
    .partialRecord(tableFieldSchema, z.string())
    .default({})
    .describe('Columns whose header Drover does not recognise: field = header')
    .meta({ examples: [{ address: 'LAN' }] }),
  keep: z
    .array(z.string())
    .default([])
    .describe('Further columns that are kept as they are, without a warning'),
});

export type HostsFile = z.output<typeof hostsFileSchema>;

export const hostsSchema = z
  .union([z.array(hostSchema), hostsFileSchema])
  .describe('The machines: a list, or the table that holds them');
