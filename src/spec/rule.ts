import type { SourceLocation } from '../core/error.js';
import type { ClusterHost } from './cluster.js';
import type { Path } from './path.js';
import type { ClusterSpec, SectionName } from './schema/cluster.js';
import type { Part } from './source/yaml.js';

/** The spec as rules see it: hosts are already read from their table. */
export type SpecView = Omit<ClusterSpec, 'hosts'> & { readonly hosts: readonly ClusterHost[] };

/** How a rule points at the user's files, and what day it is. */
export interface RuleTools {
  /** Place of a path below the document's root, e.g. `['spec', 'network', 'pods']`. */
  readonly at: (path: Path, part?: Part) => SourceLocation;
  /** Place of a host, or of one of its fields, in the spec or in its table. */
  readonly host: (host: ClusterHost, field?: keyof ClusterHost) => SourceLocation;
  /** ISO date, e.g. `2026-11-21`. */
  readonly today: string;
}

/** What a rule found. Code and severity come from the rule. */
export interface Problem {
  /** One sentence naming what is wrong. */
  readonly message: string;
  readonly location: SourceLocation;
  readonly label?: string;
  readonly cause?: string;
  readonly hint?: string;
}

/**
 * A named cross-field rule: one file, one line in the list, one test. Pure. It runs whenever the sections that it
 * reads are valid, even when others are not, so that all problems are reported at once.
 */
export interface SpecRule<Reads extends SectionName = SectionName> {
  /** Kebab-case, unique over Drover, stable. */
  readonly code: string;
  readonly title: string;
  /** An error refuses the spec, a warning does not. */
  readonly severity: 'error' | 'warning';
  /** May `spec.policy.exceptions` accept this error? Warnings always may. */
  readonly acceptable?: boolean;
  /** Markdown: what it means, why it matters, what to do. */
  readonly explain: string;
  /** Where the knowledge comes from. */
  readonly source?: string;
  readonly reads: readonly Reads[];
  readonly check: (view: Pick<SpecView, Reads>, tools: RuleTools) => readonly Problem[];
}

/** Declares a rule; the type keeps `check` from reading sections that it does not name. */
export const defineSpecRule = <const Reads extends SectionName>(rule: SpecRule<Reads>): SpecRule<Reads> =>
  rule;
