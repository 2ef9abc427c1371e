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

export const taintSchema = z.strictObject({
  key: z.string(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

export const hostRoleSchema = z.enum(['server', 'agent', 'external']);
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
  ssh: sshSchema.partial().optional().describe('Differs from spec.ssh for this host'),
});

/** Takes hosts from a table such as servers.tsv. Columns are found by their header, in French or English. */
export const hostsFileSchema = z.strictObject({
  file: z.string().describe('Path, relative to the spec'),
  where: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .default({ ROLE: 'k3s' })
    .describe('Rows that become cluster hosts: column = value; other rows stay known as external hosts'),
});

export const hostsSchema = z
  .union([z.array(hostSchema), hostsFileSchema])
  .describe('The machines: a list, or the table that holds them');
