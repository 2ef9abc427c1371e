import { z } from 'zod';

/**
 * One thing observed on one host: what, when, by which command, and what that command printed. `raw` was
 * redacted on the host, before it travelled. `error` is set instead of `value` when the collector failed there.
 */
export const sectionSchema = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    /** ISO 8601 time at which the host answered, by the operator's clock. */
    at: z.string(),
    value: value.optional(),
    raw: z.string().optional(),
    error: z.string().optional(),
  });
