import { z } from 'zod';
import { addressSchema, cidrSchema, nameSchema, portSchema } from '../../spec/schema/common.js';
import { clusterPlanSchema } from '../cluster/plan.js';
import { processSchema } from '../processes.js';

export const labHostSchema = z.strictObject({
  name: nameSchema,
  address: addressSchema,
  role: z.enum(['server', 'agent', 'external']),
  /** Login name that the spec asks for; made in the host when it is not root. */
  user: z.string(),
  port: portSchema,
  /** systemd-nspawn or QEMU of a running host; absent = powered off. */
  process: processSchema.optional(),
});
export type LabHost = z.infer<typeof labHostSchema>;

export const firewallRuleSchema = z.strictObject({
  direction: z.enum(['in', 'out']),
  protocol: z.enum(['tcp', 'udp', 'icmp', 'gre', 'esp']),
  /** `80`, `8000-8100`; absent or `any` = all ports. */
  port: z.string().optional(),
  /** Sources of inbound, destinations of outbound traffic. */
  addresses: z.array(cidrSchema).min(1),
});
export type FirewallRule = z.infer<typeof firewallRuleSchema>;

/** What a lab is made from; everything else follows from it. */
export const labPlanSchema = z.strictObject({
  name: nameSchema.max(40),
  /** Hosts are virtual machines with a kernel of their own; absent = containers. */
  vm: z
    .strictObject({
      memoryMiB: z.number().int().positive(),
      processors: z.number().int().positive().optional(),
    })
    .optional(),
  /** Absolute path of the spec. */
  specFile: z.string().optional(),
  /** SHA-256 of the effective spec. */
  specHash: z.string().optional(),
  network: z.enum(['switched', 'routed']),
  nodes: cidrSchema,
  /** What lies behind the gateway on a routed network. */
  providerRange: cidrSchema,
  gateway: addressSchema,
  resolvers: z.array(addressSchema),
  /** Rules of the provider's firewall; absent = no firewall. */
  firewall: z.array(firewallRuleSchema).optional(),
  /** The cluster that `lab up --cluster` makes; absent = bare hosts. */
  cluster: clusterPlanSchema.optional(),
  hosts: z.array(labHostSchema.omit({ process: true })).min(1),
});
export type LabPlan = z.infer<typeof labPlanSchema>;

export const injectedFaultSchema = z.strictObject({ id: z.string(), host: z.string(), at: z.string() });

/** The cluster of a lab that was made with one. */
export const labClusterSchema = z.strictObject({
  /** The lab's engine, or a real K3s (not rehearsed by this version). */
  kind: z.enum(['engine', 'real']),
  version: z.string(),
  /** Secret that members join with; good for this lab alone. */
  token: z.string(),
  /** File names of the images that hosts import. */
  images: z.array(z.string()),
  /** When all nodes were Ready, ISO 8601; absent = not yet. */
  readyAt: z.string().optional(),
});

/** The way from this machine's loopback to the API in the lab. */
export const labApiSchema = z.strictObject({ process: processSchema, port: portSchema });

/** The record of one lab. Written before anything is made, so that whatever was made can be found again. */
export const labStateSchema = z.strictObject({
  version: z.literal(1),
  /** `starting` and `stopping` say that a command was interrupted when nobody holds the lock. */
  phase: z.enum(['starting', 'up', 'stopping']),
  createdAt: z.string(),
  plan: labPlanSchema,
  /** Directory tree that all hosts share as their lower layer. */
  rootfs: z.string(),
  cgroups: z.enum(['v1', 'v2', 'scope']),
  /** How virtual machines run, found out once when the lab was made. */
  accelerator: z.enum(['kvm', 'tcg']).optional(),
  services: processSchema.optional(),
  cluster: labClusterSchema.optional(),
  api: labApiSchema.optional(),
  hosts: z.array(labHostSchema),
  faults: z.array(injectedFaultSchema),
  partitions: z.array(z.tuple([z.string(), z.string()])),
  throttles: z.record(z.string(), z.string()),
});
export type LabState = z.infer<typeof labStateSchema>;
