import { z } from 'zod';
import { clockSchema } from './clock.js';
import { filesSchema } from './files.js';
import { firewallSchema, ipsetsSchema } from './firewall.js';
import { identitySchema } from './identity.js';
import { cgroupsSchema, kernelSchema, sysctlFilesSchema, sysctlsSchema } from './kernel.js';
import { cniSchema, kubernetesSchema, tracesSchema } from './kubernetes.js';
import {
  linksSchema,
  neighboursSchema,
  portsSchema,
  proxiesSchema,
  resolverSchema,
  routesSchema,
} from './network.js';
import { osSchema } from './os.js';
import { cpuSchema, disksSchema, limitsSchema, memorySchema, swapSchema } from './resources.js';
import { sectionSchema } from './section.js';
import { packagesSchema, runtimesSchema, securitySchema, sudoSchema, unitsSchema } from './software.js';

/** Value schema of every collector, by collector id. The order is the order of the facts file. */
export const collectorSchemas = {
  os: osSchema,
  identity: identitySchema,
  kernel: kernelSchema,
  cgroups: cgroupsSchema,
  sysctls: sysctlsSchema,
  'sysctl-files': sysctlFilesSchema,
  cpu: cpuSchema,
  memory: memorySchema,
  swap: swapSchema,
  disks: disksSchema,
  limits: limitsSchema,
  clock: clockSchema,
  links: linksSchema,
  routes: routesSchema,
  neighbours: neighboursSchema,
  ports: portsSchema,
  resolver: resolverSchema,
  proxies: proxiesSchema,
  firewall: firewallSchema,
  ipsets: ipsetsSchema,
  runtimes: runtimesSchema,
  packages: packagesSchema,
  security: securitySchema,
  sudo: sudoSchema,
  units: unitsSchema,
  kubernetes: kubernetesSchema,
  cni: cniSchema,
  traces: tracesSchema,
  files: filesSchema,
} as const;

export type CollectorId = keyof typeof collectorSchemas;
export type CollectorValue<Id extends CollectorId> = z.infer<(typeof collectorSchemas)[Id]>;

/** What is kept of one collector on one host. */
export interface Section<Value> {
  readonly at: string;
  readonly value?: Value | undefined;
  readonly raw?: string | undefined;
  readonly error?: string | undefined;
}
export type Sections = { readonly [Id in CollectorId]?: Section<CollectorValue<Id>> | undefined };

// The mapped type cannot be inferred through Object.entries; the schema is built from the same table.
const sectionsSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(collectorSchemas).map(([id, schema]) => [id, sectionSchema(schema).optional()]),
  ),
) as unknown as z.ZodType<Sections>;

/** Why nothing (or nothing more) is known about a host. */
export const contactSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('reached'), connectMs: z.number() }),
  z.strictObject({ state: z.literal('failed'), failure: z.string(), detail: z.string() }),
]);

/** All facts of one host. */
export const hostFactsSchema = z.strictObject({
  name: z.string(),
  /** Address by which Drover reached the host. */
  address: z.string(),
  /** Role in the spec: server, agent, or external for hosts that only serve as neighbours. */
  role: z.enum(['server', 'agent', 'external', 'unknown']),
  contact: contactSchema,
  sections: sectionsSchema,
});
export type HostFacts = z.infer<typeof hostFactsSchema>;
