import { z } from 'zod';

/** How much a finding matters: an error blocks a plan, a warning does not, info is worth knowing. */
export const severitySchema = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

/** One observed thing that proves a finding; `fact` is a path into the facts file, so that anybody can look it up. */
export const evidenceSchema = z.strictObject({
  host: z.string().optional(),
  /** Path into the facts file, e.g. `hosts.k3s-worker-01.resolver` or `probes.udp/8472@10.0.0.0/24`. */
  fact: z.string(),
  /** What was seen, for a person; one line. */
  text: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** How to make a finding go away: a step that Drover can run, or a sentence where it cannot. */
export const fixSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('step'), step: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('manual'), text: z.string() }),
]);
export type Fix = z.infer<typeof fixSchema>;

/** What a rule found: a code, the facts that prove it, a cause, a fix and where the knowledge comes from. */
export const findingSchema = z.strictObject({
  code: z.string(),
  severity: severitySchema,
  /** One sentence naming what is wrong and where. */
  title: z.string(),
  hosts: z.array(z.string()),
  /** Ordered pairs [from, to] for findings about paths between hosts. */
  pairs: z.array(z.tuple([z.string(), z.string()])).optional(),
  evidence: z.array(evidenceSchema).min(1),
  cause: z.string(),
  fix: fixSchema,
  /** Where this is documented: an address or a document's name. */
  source: z.string().optional(),
  /** Code of the finding that causes this one; such findings hang under their cause. */
  under: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;
