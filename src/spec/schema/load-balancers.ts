import { z } from 'zod';
import { addressSchema, healthCheckSchema, nameSchema, portSchema } from './common.js';

const listenerSchema = z.strictObject({
  name: nameSchema.describe('Name of the listener'),
  port: portSchema.describe('Port on the load balancer'),
  protocol: z.enum(['tcp', 'http', 'https']).default('tcp').describe('tcp = layer 4, passed on unread'),
  targetPort: portSchema.optional().describe('Port of the backends; default: the same'),
  backends: z
    .union([z.enum(['servers', 'agents', 'nodes']), z.array(nameSchema).min(1)], {
      error: 'expected servers, agents, nodes, or a list of host names',
    })
    .describe('servers, agents, nodes (both), or names of hosts'),
  proxyProtocol: z.boolean().default(false).describe('Tell backends the client’s address'),
  health: healthCheckSchema.prefault({}).describe('How a backend proves that it is healthy'),
});

const loadBalancerSchema = z.strictObject({
  name: nameSchema.describe('Name of the load balancer'),
  scope: z.enum(['public', 'internal']).describe('public = reached from the internet'),
  provider: z
    .enum(['hetzner', 'scaleway', 'haproxy', 'other'])
    .default('other')
    .describe('What it is made of; Drover checks it, and configures haproxy only'),
  address: addressSchema.optional().describe('Address on the node network; default: its host’s'),
  publicAddress: addressSchema.optional().describe('Public address'),
  host: nameSchema.optional().describe('Host of the spec that it runs on'),
  manage: z
    .boolean()
    .default(false)
    .describe('Install and configure HAProxy on its host; else it is checked, never touched'),
  listeners: z.array(listenerSchema).min(1).describe('What it serves'),
});

export const loadBalancersSchema = z.array(loadBalancerSchema);
