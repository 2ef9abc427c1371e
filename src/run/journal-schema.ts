import { z } from 'zod';
import { runShapes } from '../core/events/run.js';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

const [first, ...others] = Object.entries(runShapes).map(([type, shape]) =>
  z.strictObject({ type: z.literal(type), ...shape }),
);
if (first === undefined) throw new Error('there are no events of runs');

/** A line of a journal as it is published; {@link JournalLine} is its type. */
export const journalLineSchema = z.strictObject({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  prev: digestSchema,
  event: z.discriminatedUnion('type', [first, ...others]),
  hash: digestSchema,
});
