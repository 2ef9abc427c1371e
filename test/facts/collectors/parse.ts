import type { CollectorInput } from '../../../src/facts/collector.js';
import { collectors } from '../../../src/facts/collectors/catalogue.js';
import {
  type CollectorId,
  type CollectorValue,
  collectorSchemas,
} from '../../../src/facts/model/host-facts.js';

/** Parses a fragment's output as collecting does, and checks the value against the published schema. */
export const parse = <Id extends CollectorId>(
  id: Id,
  stdout: string,
  more: Partial<CollectorInput> = {},
): CollectorValue<Id> => {
  const collector = collectors[id];
  const parsed = collector.parse({ stdout, stderr: '', status: 0, sentAt: 0, receivedAt: 0, ...more });
  if ('error' in parsed) throw new Error(parsed.error);
  return collectorSchemas[id].parse(parsed.value) as CollectorValue<Id>;
};
