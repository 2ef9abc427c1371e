import { z } from 'zod';
import { evidenceSchema } from './finding.js';

/** The cluster networks that the verdict table judges, in its order; the lab's own only where it is asked for. */
export const NETWORK_OPTIONS = [
  'flannel-vxlan',
  'flannel-host-gw',
  'flannel-wireguard',
  'calico-ipip',
  'calico-vxlan',
  'calico-none',
  'cilium-tunnel',
  'cilium-native',
  'lab-vxlan',
] as const;
export const networkOptionSchema = z.enum(NETWORK_OPTIONS);
export type NetworkOption = z.infer<typeof networkOptionSchema>;

/** Whether one cluster network can work on the measured hosts. `unknown`: what it needs was not measured. */
export const verdictSchema = z.strictObject({
  option: networkOptionSchema,
  title: z.string(),
  status: z.enum(['works', 'works-if', 'cannot', 'unknown']),
  /** For `works-if`: what must be done first, most important first. For `cannot`: why. For `unknown`: what to measure. */
  conditions: z.array(z.string()),
  evidence: z.array(evidenceSchema),
  /** MTU to set inside the cluster network, in bytes. */
  mtu: z.number().int().positive().optional(),
  /** True when this is what the spec asks for. */
  asked: z.boolean(),
});
export type Verdict = z.infer<typeof verdictSchema>;
