import { z } from 'zod';
import { nameSchema, portSchema, secretReferenceSchema } from './common.js';

/** How HTTP enters the cluster. */
export const ingressSchema = z.strictObject({
  controller: z
    .enum(['traefik', 'nginx', 'none'])
    .default('traefik')
    .describe('nginx = ingress-nginx, archived on 24 March 2026: needs an exception in spec.policy'),
  version: z.string().optional().describe('Version of the controller; default: tested with this Drover'),
  kind: z
    .enum(['DaemonSet', 'Deployment'])
    .default('DaemonSet')
    .describe('DaemonSet = one pod on each node, as layer 4 load balancers in front need it'),
  hostNetwork: z
    .boolean()
    .default(true)
    .describe('Listen on the nodes’ own ports, without a Service in between'),
  ports: z
    .strictObject({
      http: portSchema.default(80).describe('Port for HTTP'),
      https: portSchema.default(443).describe('Port for HTTPS'),
      health: portSchema.default(10254).describe('Port of the health check'),
    })
    .prefault({})
    .describe('Ports on the nodes'),
  className: nameSchema.optional().describe('Ingress class; default: the name of the controller'),
  healthPath: z.string().startsWith('/').default('/healthz').describe('Path of the health check'),
  certificate: secretReferenceSchema.optional().describe('Certificate for hosts without one'),
  arguments: z
    .array(z.string().startsWith('--'))
    .default([])
    .describe('Further arguments of the controller’s program'),
});
