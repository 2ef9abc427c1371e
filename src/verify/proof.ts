import { z } from 'zod';
import { checkShapes } from '../core/events/check.js';
import { findingSchema } from '../core/events/finding.js';

/** What one verification found, kept as proof: `drover verify -o json` prints it. */
export const proofSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('Proof'),
  formatVersion: z.literal(1),
  tool: z.string(),
  realm: z.string(),
  cluster: z.string(),
  /** Of the spec that was proven, SHA-256, hex. */
  specHash: z.string(),
  /** When it began, ISO 8601. */
  at: z.string(),
  durationMs: z.number(),
  passed: z.number().int(),
  failed: z.number().int(),
  notManaged: z.number().int(),
  notApplicable: z.number().int(),
  results: z.array(z.strictObject(checkShapes['check-result'])),
  /** What the doctor found when something failed. */
  findings: z.array(findingSchema),
});
export type Proof = z.infer<typeof proofSchema>;

/** How many results have each status. */
export const countResults = (
  results: Proof['results'],
): Pick<Proof, 'passed' | 'failed' | 'notManaged' | 'notApplicable'> => {
  const having = (status: Proof['results'][number]['status']): number =>
    results.filter((each) => each.status === status).length;
  return {
    passed: having('pass'),
    failed: having('fail'),
    notManaged: having('not-managed'),
    notApplicable: having('not-applicable'),
  };
};
