import { z } from 'zod';
import { evidenceSchema } from '../../core/events/finding.js';

export const WAY_IDS = ['node-by-node', 'in-place', 'backend', 'mode', 'take-over', 'rebuild'] as const;
export type WayId = (typeof WAY_IDS)[number];

/** One way from the cluster network that runs to the one that is asked for, with its price. */
export const waySchema = z.strictObject({
  id: z.enum(WAY_IDS),
  title: z.string(),
  /** What it costs; who measured it and where, or that nobody has. */
  price: z.strictObject({
    interruption: z.string(),
    reboots: z.string(),
    lost: z.string(),
    back: z.string(),
  }),
  /** What must be done first. */
  conditions: z.array(z.string()),
  /** Facts that forbid it; empty = it can be gone. */
  forbidden: z.array(evidenceSchema),
});
export type Way = z.infer<typeof waySchema>;

/** What runs, what is asked for, and the ways between them. */
export const networkChangeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** Both are at work: somebody has begun to change. */
  begun: z.literal(true).optional(),
  /** What runs does not carry all packets: both directions to it cannot be proven. */
  broken: z.literal(true).optional(),
  /** The way that the plan goes; absent = none of them. */
  chosen: z.enum(WAY_IDS).optional(),
  ways: z.array(waySchema),
  /** What it means for what runs in the cluster; not part of a plan’s hash. */
  notes: z.array(z.string()).optional(),
});
export type NetworkChange = z.infer<typeof networkChangeSchema>;
