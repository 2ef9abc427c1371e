import type { Path } from '../../spec/path.js';
import type { PolicyRuleCode } from '../../spec/schema/policy.js';
import type { PolicyObject } from './object.js';

/** One place in one object where a rule is broken. */
export interface PolicyIssue {
  /** Where it stands in the object. */
  readonly path: Path;
  /** What is wrong there; one sentence without the object's name. */
  readonly text: string;
  /** The word of a longer text that is meant. */
  readonly word?: string;
}

/** One rule about objects: one file, one line in the list, one test. Pure. */
export interface PolicyRule {
  /** The key of the rule in `spec.policy.rules`. */
  readonly code: PolicyRuleCode;
  readonly title: string;
  /** Markdown for `drover explain`. */
  readonly explain: string;
  /** What to do instead; one sentence. */
  readonly fix: string;
  readonly source?: string;
  readonly check: (object: PolicyObject['object']) => readonly PolicyIssue[];
}

export const definePolicyRule = (rule: PolicyRule): PolicyRule => rule;
