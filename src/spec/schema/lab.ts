import { z } from 'zod';
import { bytesSchema, cidrSchema, cpuSchema } from './common.js';

/** As a provider's firewall takes it: inbound is denied unless a rule allows it, answers pass. */
const providerRuleSchema = z.strictObject({
  direction: z.enum(['in', 'out']).default('in').describe('in = to the host'),
  protocol: z.enum(['tcp', 'udp', 'icmp', 'gre', 'esp']).describe('Protocol; there is no IPIP'),
  port: z
    .string()
    .regex(/^(\d+(-\d+)?|any)$/, 'expected a port, a range such as 30000-32767, or any')
    .optional()
    .describe('Port or range, for tcp and udp'),
  addresses: z.array(cidrSchema).min(1).describe('Sources of inbound, destinations of outbound traffic'),
});

/** How the local lab makes this cluster's hosts. */
export const labSchema = z.strictObject({
  network: z
    .enum(['switched', 'routed'])
    .default('switched')
    .describe('switched = one layer 2 network, routed = /32 hosts behind a gateway, MTU 1450'),
  firewall: z
    .strictObject({ rules: z.array(providerRuleSchema).describe('What passes') })
    .optional()
    .describe('A stateful firewall of the provider; default: none'),
  external: z
    .array(z.string())
    .default([])
    .describe('External hosts that the lab makes too; the others stay names'),
  resources: z
    .strictObject({
      cpus: cpuSchema.optional().describe('CPUs of each virtual machine (`lab up --vm`); default: 2'),
      memory: bytesSchema.optional().describe('Memory of each virtual machine; default: 1 GiB'),
      disk: bytesSchema.optional().describe('Disk of each host: not to be chosen yet'),
    })
    .prefault({})
    .describe('Size of virtual machines; containers share this machine and refuse it'),
});
