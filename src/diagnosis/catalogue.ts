import type { Severity } from '../core/events/finding.js';
import { rules } from './rules/index.js';

/** What `drover explain CODE` prints about a finding. */
export interface FindingKind {
  readonly title: string;
  readonly severity: Severity;
  /** Markdown. */
  readonly explain: string;
  readonly source?: string;
}

/** Everything that the doctor can find, by code. */
export const findingCatalogue: Readonly<Record<string, FindingKind>> = Object.fromEntries(
  rules.map(({ code, title, severity, explain, source }) => [
    code,
    { title, severity, explain, ...(source === undefined ? {} : { source }) },
  ]),
);
