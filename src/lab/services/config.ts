import { z } from 'zod';
import { PACKAGES_HOST } from '../rootfs/files.js';
import type { LabPlan } from '../state/schema.js';

/** What the lab's services listen on and answer. */
export const servicesConfigSchema = z.strictObject({
  dns: z.array(z.string()),
  names: z.record(z.string(), z.string()),
  packages: z.strictObject({ address: z.string(), folder: z.string() }),
});
export type ServicesConfig = z.infer<typeof servicesConfigSchema>;

export const servicesConfig = (plan: LabPlan, repository: string): ServicesConfig => ({
  dns: [...new Set([...plan.resolvers, plan.gateway])],
  names: {
    [PACKAGES_HOST]: plan.gateway,
    ...Object.fromEntries(plan.hosts.map((host) => [host.name, host.address])),
  },
  packages: { address: plan.gateway, folder: repository },
});
