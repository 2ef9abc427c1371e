import { z } from 'zod';
import {
  addressSchema,
  cidrSchema,
  domainNameSchema,
  durationSchema,
  sha256Schema,
  urlSchema,
} from './common.js';

const cniNameSchema = z.enum(['flannel', 'calico', 'cilium', 'lab', 'none']);
const installerSchema = z.enum(['k3s', 'daemonset', 'manifest', 'operator', 'chart']);
const cniModeSchema = z.enum(['vxlan', 'host-gw', 'wireguard', 'ipip', 'none', 'tunnel', 'native']);

const manifestSourceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('release').describe('The official release'),
      sha256: sha256Schema.optional().describe('Digest of the file; default: the one that Drover knows'),
    }),
    z.strictObject({
      kind: z.literal('mirror').describe('A mirror of the official repository'),
      url: urlSchema.describe(
        'Base address of the mirror: above VERSION/manifests/calico.yaml, or a repository of charts',
      ),
      sha256: sha256Schema.optional().describe('Digest of the file; default: the one that Drover knows'),
    }),
    z.strictObject({
      kind: z.literal('url').describe('One address'),
      url: urlSchema.describe('Address of the manifest'),
      sha256: sha256Schema.describe('Digest of the file'),
    }),
    z.strictObject({
      kind: z.literal('file').describe('A file on the operator’s machine'),
      file: z
        .string()
        .min(1)
        .describe('Path of the manifest or of the archive of the chart, relative to the spec'),
      sha256: sha256Schema.optional().describe('Digest of the file'),
    }),
  ])
  .describe('Where Calico’s manifest or Cilium’s chart comes from');

const cniSchema = z.strictObject({
  name: cniNameSchema
    .default('flannel')
    .describe('The cluster network; lab is the lab’s own and for labs alone'),
  mode: cniModeSchema
    .optional()
    .describe(
      'flannel: vxlan, host-gw, wireguard, none · calico: ipip, vxlan, none · cilium: tunnel, native · lab: vxlan',
    ),
  by: installerSchema
    .optional()
    .describe('What installs it: flannel: k3s, daemonset · calico: manifest, operator; default: the first'),
  version: z.string().optional().describe('Version of the network, e.g. v3.31.7'),
  source: manifestSourceSchema.optional(),
  mtu: z
    .number()
    .int()
    .min(576)
    .max(9216)
    .optional()
    .describe('MTU inside the cluster network; default: measured'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe('UDP port of the tunnel; default: the network’s own'),
  pool: cidrSchema
    .optional()
    .describe(
      'Range inside network.pods from which the network takes blocks for nodes; default: all of it on a new cluster, its upper half beside a network that runs. A running network keeps the pool that it has',
    )
    .meta({ examples: ['10.42.128.0/17'] }),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Further options of the network; unknown or dead keys are reported with the right one'),
});

const changeSchema = z.strictObject({
  way: z
    .enum(['node-by-node', 'in-place'])
    .default('node-by-node')
    .describe(
      'node-by-node: a second network beside the first, one node after another · in-place: all nodes at once, in a window',
    ),
  budget: z
    .strictObject({
      longest: durationSchema
        .default('15s')
        .describe('Longest time for which one pair of pods may not reach each other'),
      total: durationSchema.default('60s').describe('All such times of one pair together'),
      onBreach: z
        .enum(['stop', 'pause', 'rollback'])
        .default('stop')
        .describe(
          'When the budget is spent: stop before the next step, pause and keep the lock, or go the way back',
        ),
    })
    .prefault({})
    .describe('What the change of network may cost each pair of pods'),
  control: z
    .boolean()
    .default(false)
    .describe('First recreate the pods of one node without any change, so that the price can be compared'),
});

export const networkSchema = z.strictObject({
  nodes: cidrSchema.describe('Range of the node network').meta({ examples: ['10.0.0.0/24'] }),
  pods: cidrSchema.default('10.42.0.0/16').describe('Range of the pods'),
  services: cidrSchema.default('10.43.0.0/16').describe('Range of the Services'),
  dns: addressSchema
    .optional()
    .describe('Address of the cluster DNS; default: the tenth of the service range'),
  domain: domainNameSchema.default('cluster.local').describe('Cluster domain'),
  nodeMask: z
    .number()
    .int()
    .min(16)
    .max(30)
    .default(24)
    .describe('Prefix length of the pod range of each node'),
  maxPods: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(110)
    .describe('Most pods on one node (kubelet max-pods)'),
  provider: z
    .strictObject({
      kind: z.enum(['hetzner-cloud', 'hetzner-robot', 'scaleway', 'other']).describe('Whose network this is'),
      range: cidrSchema.optional().describe('Whole range of the provider network'),
      shape: z
        .enum(['switched', 'routed'])
        .optional()
        .describe('switched = L2, routed = every packet passes a gateway (L3)'),
      mtu: z
        .number()
        .int()
        .min(576)
        .max(9216)
        .optional()
        .describe('MTU of the node network; default: 1450 in a Hetzner Cloud network, else measured'),
      vswitch: z
        .boolean()
        .default(false)
        .describe('The node network reaches dedicated servers through a Hetzner vSwitch'),
      routes: z.boolean().default(false).describe('Pod routes are kept by the provider (cloud controller)'),
    })
    .optional()
    .describe('What is known about the network that the machines stand in'),
  interface: z.string().optional().describe('Interface of the node network; default: found by the range'),
  cni: cniSchema.prefault({}).describe('The cluster network'),
  change: changeSchema
    .prefault({})
    .describe('How a running cluster comes from the network that it has to another one'),
  kubeProxy: z
    .enum(['iptables', 'nftables', 'ipvs', 'replaced'])
    .default('iptables')
    .describe('Who programs Services'),
});
