import { z } from 'zod';
import { eventSchema } from '../../core/events/event.js';
import { EVENT_INTERFACE } from '../../core/events/interface.js';
import { doctorReportSchema } from '../../diagnosis/report.js';
import { factsFileSchema } from '../../facts/model/facts-file.js';
import { planSchema } from '../../plan/model.js';
import { journalLineSchema } from '../../run/journal-schema.js';
import { comparisonSchema } from '../../verify/bundle/comparison.js';
import { proofSchema } from '../../verify/proof.js';

/** Draft 7 is what editors and validators read everywhere. */
const schemaText = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { target: 'draft-7' }) }, null, 2)}\n`;

export const factsSchemaText = (): string => schemaText(factsFileSchema, 'Drover facts file, format 1');
export const reportSchemaText = (): string =>
  schemaText(doctorReportSchema, 'Report of drover doctor -o json, format 1');
export const proofSchemaText = (): string => schemaText(proofSchema, 'Proof of drover verify, format 1');

export const comparisonSchemaText = (): string =>
  schemaText(comparisonSchema, 'Comparison of drover verify --bundle, format 1');
export const planSchemaText = (): string => schemaText(planSchema, 'Plan of drover plan --out, format 1');
/** One line of `journal.jsonl`; `hash` covers the canonical JSON of the rest, `prev` is the hash of the line before. */
export const journalSchemaText = (): string =>
  schemaText(journalLineSchema, `One line of a run's journal, event interface ${EVENT_INTERFACE}`);
export const eventSchemaText = (): string =>
  schemaText(eventSchema, `One line of -o jsonl, event interface ${EVENT_INTERFACE}`);
