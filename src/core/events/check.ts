import { z } from 'zod';

/** Shapes of the events of a verification; together with `type` they are members of the event union. */
export const checkShapes = {
  /** One thing that `verify` looked at. */
  'check-result': {
    /** Kebab-case; several results may share it, one per node or pair. */
    check: z.string(),
    title: z.string(),
    status: z.enum(['pass', 'fail', 'not-managed', 'not-applicable']),
    node: z.string().optional(),
    /** For checks of ordered pairs: where to. */
    to: z.string().optional(),
    /** What was seen. */
    detail: z.string(),
    /** It did not hold at once: how often it was tried, over how long, and how the last try that failed did so. */
    retried: z.object({ attempts: z.number().int(), seconds: z.number(), failure: z.string() }).optional(),
  },
  'verify-summary': {
    cluster: z.string(),
    /** The bundle that the cluster was compared with; absent = it was asked whether it works. */
    bundle: z.string().optional(),
    passed: z.number().int(),
    failed: z.number().int(),
    notManaged: z.number().int(),
    notApplicable: z.number().int(),
    durationMs: z.number(),
    /** Where the proof is kept. */
    proof: z.string().optional(),
    next: z.string(),
  },
} as const;
