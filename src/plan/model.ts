import { z } from 'zod';
import { bundleFindingSchema } from '../bundle/model/report.js';
import { networkChangeSchema } from '../diagnosis/change/way.js';
import { transformSchema } from '../spec/schema/transforms.js';
import { changeSchema } from '../steps/change.js';

export const undoSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('inverse') }),
  z.strictObject({ kind: z.literal('restorePoint') }),
  z.strictObject({ kind: z.literal('irreversible'), reason: z.string() }),
]);

/** One change in a plan: a step with parameters on a host, a pair or the cluster. */
export const actionSchema = z.strictObject({
  /** Unique in the plan and stable over re-planning: `k3s.server/k3s-master-01`. */
  id: z.string(),
  step: z.string(),
  title: z.string(),
  scope: z.enum(['host', 'pair', 'cluster', 'operator', 'external']),
  /** Which cluster it concerns where a plan has two. */
  role: z.enum(['source', 'target']).optional(),
  host: z.string().optional(),
  /** Hosts that the action may touch. */
  hosts: z.array(z.string()),
  params: z.json(),
  /** Ids of actions that must have succeeded before. */
  after: z.array(z.string()),
  /** At most `size` actions of one group run at once. */
  window: z.strictObject({ group: z.string(), size: z.number().int().positive() }).optional(),
  changes: z.array(changeSchema),
  risk: z.enum(['none', 'low', 'medium', 'high']),
  undo: undoSchema,
  replay: z.enum(['exact', 'converges', 'attach']),
  disruptive: z.boolean(),
  expected: z.strictObject({ seconds: z.number(), interruption: z.string().optional() }),
});
export type Action = z.infer<typeof actionSchema>;

/** What a later stage may at most turn out to be; beyond it the run pauses (fixed point b). */
export const envelopeSchema = z.strictObject({
  steps: z.array(z.string()),
  hosts: z.array(z.string()),
  highestRisk: z.enum(['none', 'low', 'medium', 'high']),
  /** Whether actions that cannot be taken back may be among them. */
  irreversible: z.boolean(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A background probe over several actions, with what it may cost (fixed point i). Times in milliseconds. */
export const guardSchema = z.strictObject({
  id: z.string(),
  /** Kind of guard: `kube.ready`. */
  kind: z.string(),
  title: z.string(),
  params: z.json(),
  hosts: z.array(z.string()),
  /** Ids of the actions that it watches over; empty = the whole stage. */
  during: z.array(z.string()),
  budget: z.strictObject({
    /** Longest single outage of one subject. */
    longestMs: z.number().nonnegative(),
    /** All outages of one subject together. */
    totalMs: z.number().nonnegative(),
    /** Longest time without any sample at all: a guard that sees nothing guards nothing. */
    silentMs: z.number().positive(),
  }),
  onBreach: z.enum(['stop', 'pause', 'rollback']),
});
export type Guard = z.infer<typeof guardSchema>;

/** Only the first stage is bound to facts; later ones are planned again when they start. */
export const stageSchema = z.strictObject({
  name: z.string(),
  goal: z.string(),
  actions: z.array(actionSchema),
  envelope: envelopeSchema.optional(),
  guards: z.array(guardSchema).optional(),
});
export type Stage = z.infer<typeof stageSchema>;

const clusterSchema = z.strictObject({
  context: z.string(),
  server: z.string(),
  version: z.string(),
  uid: z.string(),
});

/** What a plan of a migration carries, and what stands against it. Neither an object nor a secret is in it. */
export const carriedSchema = z.strictObject({
  /** Digest of the bundle. */
  bundle: z.string(),
  source: clusterSchema,
  target: clusterSchema,
  /** In the order in which they are applied: a run carries the objects by these and no others. */
  transforms: z.array(
    z.strictObject({
      transform: transformSchema,
      title: z.string(),
      /** How many objects it changes. */
      objects: z.number().int(),
      /** It comes from the change of the distribution, not from the spec. */
      byDefault: z.boolean(),
    }),
  ),
  /** Keys of objects that are left out, because what stands against them was ignored. */
  refused: z.array(z.string()),
  /** Not part of the hash: figures in them move while the plan stays the same. */
  findings: z.array(bundleFindingSchema),
});
export type CarriedPlan = z.infer<typeof carriedSchema>;

/** A plan is data: hashed, saved, refused when the world moved. It holds no secret. */
export const planSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('Plan'),
  formatVersion: z.literal(1),
  tool: z.string(),
  realm: z.string(),
  cluster: z.strictObject({ name: z.string(), uid: z.string().optional() }),
  /** ISO 8601; not part of the hash. */
  createdAt: z.string(),
  specHash: z.string(),
  /** What each host is, so that another machine at the same address is not changed by mistake. */
  identities: z.record(z.string(), z.string()),
  /** Digest of every fact that an action relied on, by `host/collector`. */
  relied: z.record(z.string(), z.string()),
  stages: z.array(stageSchema).min(1),
  /** Goals that already hold, by step. */
  unchanged: z.record(z.string(), z.number().int()),
  /** Sections of the spec that this version has no steps for. */
  notManaged: z.array(z.string()),
  /** Hosts and K3s stay as they are: the plan is about this alone. */
  only: z.literal('network').optional(),
  /** Another cluster network runs than the spec asks for: the ways between them, and the one that the plan goes. */
  networkChange: networkChangeSchema.optional(),
  /** Hosts to which a partial plan was limited. */
  limit: z.array(z.string()).optional(),
  /** Codes of findings that the operator chose to ignore. */
  ignored: z.array(z.string()),
  /** A plan that takes a run back: which one, and what of it cannot be taken back. */
  takesBack: z
    .strictObject({
      run: z.string(),
      /** The object set that alone is taken back; everything else of the run stays. */
      only: z.string().optional(),
      stays: z.array(z.strictObject({ action: z.string(), title: z.string(), reason: z.string() })),
    })
    .optional(),
  /** Only in the plan of a migration. */
  carries: carriedSchema.optional(),
  /** SHA-256 over everything above but createdAt and the findings of what is carried. */
  hash: z.string(),
});
export type Plan = z.infer<typeof planSchema>;
