import { z } from 'zod';
import { findingSchema } from '../core/events/finding.js';
import { verdictSchema } from '../core/events/verdict.js';

/** The doctor's whole answer: what `drover doctor -o json` prints. */
export const doctorReportSchema = z.strictObject({
  apiVersion: z.literal('drover/v1'),
  kind: z.literal('DoctorReport'),
  /** Minor of the report format; something was added when it rises. */
  formatVersion: z.literal(1),
  tool: z.string(),
  realm: z.string(),
  /** When the facts were collected, ISO 8601. */
  at: z.string(),
  cluster: z.string().optional(),
  hosts: z.array(z.string()),
  /** Hosts of which nothing is known, because they could not be reached. */
  unreachable: z.array(z.string()),
  /** By importance; what another finding explains (`under`) follows it. */
  findings: z.array(findingSchema),
  verdicts: z.array(verdictSchema),
  counts: z.strictObject({
    errors: z.number().int(),
    warnings: z.number().int(),
    infos: z.number().int(),
  }),
  /** Codes that the user chose not to hear of, and how many findings each hid. */
  ignored: z.array(z.strictObject({ code: z.string(), findings: z.number().int() })),
  /** What was not measured and why, and which codes therefore say nothing. */
  notMeasured: z.array(z.string()),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
