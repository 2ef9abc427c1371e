import type { Finding, Severity } from '../core/events/finding.js';
import type { FactsFile } from '../facts/model/facts-file.js';
import type { CollectorId } from '../facts/model/host-facts.js';
import type { Cluster } from '../spec/cluster.js';

/** What rules see. Rules are pure: same input, same findings. */
export interface RuleContext {
  readonly facts: FactsFile;
  /** Absent when the doctor was given bare addresses. */
  readonly cluster: Cluster | undefined;
}

/** What a rule returns; code, severity and source come from its declaration unless it says otherwise. */
export type FindingDraft = Omit<Finding, 'code' | 'severity' | 'source' | 'under'> & {
  readonly severity?: Severity;
};

/** One rule: one file, one line in the list, one test. */
export interface Rule {
  /** Kebab-case, unique, stable: users write it after --ignore and `drover explain`. */
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  /** Collectors and probe kinds it reads; without them it stays silent. */
  readonly reads: readonly (CollectorId | `probe:${string}` | 'spec' | 'contact' | 'cluster' | 'services')[];
  /** Markdown for `drover explain`: what it means, why it matters, how to fix it. */
  readonly explain: string;
  readonly source?: string;
  /** Codes of findings that this one explains when they concern the same hosts or pairs: they are hung under it. */
  readonly causes?: readonly string[];
  readonly check: (context: RuleContext) => readonly FindingDraft[];
}

export const defineRule = (rule: Rule): Rule => rule;
