import { z } from 'zod';
import { addressSchema, cidrSchema, domainNameSchema, portSchema } from './common.js';

const firewallRuleSchema = z.strictObject({
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol'),
  port: z
    .union([portSchema, z.string().regex(/^\d+-\d+$/)], {
      error: 'expected a port or a range such as 30000-32767',
    })
    .describe('Port or range of ports'),
  from: z.array(cidrSchema).optional().describe('Where from; default: anywhere'),
  hosts: z.enum(['all', 'servers', 'agents']).default('all').describe('Hosts that get the rule'),
  reason: z.string().optional().describe('Why the port is open'),
});

const firewallSchema = z.strictObject({
  kind: z
    .enum(['ufw', 'firewalld', 'keep', 'off'])
    .default('keep')
    .describe('ufw or firewalld = strict rules made by Drover, keep = as found, off = switched off'),
  allow: z.array(firewallRuleSchema).default([]).describe('Open ports besides those that the cluster needs'),
});

const resolversSchema = z.strictObject({
  servers: z
    .array(addressSchema)
    .min(1)
    .describe('Name servers')
    .meta({ examples: [['1.1.1.1', '8.8.8.8']] }),
  search: z.array(domainNameSchema).default([]).describe('Search domains'),
  immutable: z
    .boolean()
    .default(false)
    .describe('Replace /etc/resolv.conf by a plain file and protect it (chattr +i)'),
});

/** What is done to every host before a cluster is put on it. */
export const preparationSchema = z.strictObject({
  swap: z.enum(['off', 'keep']).default('off').describe('off = switched off now and in fstab'),
  firewall: firewallSchema.prefault({}).describe('Firewall of the hosts'),
  resolvers: resolversSchema.optional().describe('Name servers of the hosts; default: as found'),
  time: z
    .strictObject({
      sync: z.boolean().default(true).describe('Keep the clock right by NTP'),
      servers: z.array(z.string()).default([]).describe('Time servers; default: as found'),
      timezone: z
        .string()
        .optional()
        .describe('Time zone')
        .meta({ examples: ['Europe/Paris'] }),
    })
    .prefault({})
    .describe('Clock of the hosts'),
  docker: z
    .enum(['keep', 'install', 'remove'])
    .default('keep')
    .describe('Docker beside the cluster; K3s uses its own containerd'),
  cis: z
    .boolean()
    .default(false)
    .describe('Kernel parameters, audit log and pod security of the CIS benchmark'),
  sysctls: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .describe('Further kernel parameters'),
  packages: z.array(z.string()).default([]).describe('Further packages'),
});
