import { z } from 'zod';

/** Lines of `outages.jsonl` of a run; times are ISO 8601 of the machine that Drover runs on. */
export const outageRecordSchema = z.discriminatedUnion('type', [
  /** A guard began to watch. */
  z.strictObject({
    type: z.literal('watch'),
    at: z.string(),
    everyMs: z.number(),
    /** Everything that it samples. What never answers has no outage. */
    subjects: z.array(z.string()),
    /** Nodes on which no prober came up: nothing is known from them. */
    unwatched: z.array(z.string()),
  }),
  /** From the first sample that was not answered to the next one that was. */
  z.strictObject({
    type: z.literal('outage'),
    subject: z.string(),
    from: z.string(),
    to: z.string(),
    ms: z.number().nonnegative(),
    why: z.string(),
    /** It had not ended when the guard did. */
    open: z.boolean().optional(),
  }),
  /** The address under which the receiver saw the sender: another one than before, or the first. */
  z.strictObject({
    type: z.literal('source'),
    subject: z.string(),
    at: z.string(),
    source: z.string(),
    before: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('end'), at: z.string() }),
]);
export type OutageRecord = z.infer<typeof outageRecordSchema>;
