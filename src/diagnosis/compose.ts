import type { Evidence, Fix } from '../core/events/finding.js';
import { sentence } from '../core/text.js';
import { byText, type Observation } from './access.js';
import type { FindingDraft } from './rule.js';

/** More evidence than this helps nobody: the facts file holds the rest. */
const EVIDENCE_LIMIT = 12;

/** A fix that a step of Drover makes; `text` says what happens, or the command to do it by hand. */
export const step = (id: string, text: string): Fix => ({ kind: 'step', step: id, text });

/** A fix that a person must make. */
export const manual = (text: string): Fix => ({ kind: 'manual', text });

/** Distinct host names in order. */
const hostsOf = (seen: readonly { readonly host: string }[]): string[] =>
  [...new Set(seen.map((one) => one.host))].sort(byText);

/** "a, b, c and 5 more". */
export const named = (hosts: readonly string[]): string => sentence(hosts, 4);

/** Names the hosts of observations for a title. */
export const where = (seen: readonly { readonly host: string }[]): string => named(hostsOf(seen));

const PLURAL: Readonly<Record<string, string>> = { is: 'are', has: 'have', does: 'do' };

/** Names the hosts with a verb that agrees: "a has", "a and b have". */
export const does = (seen: readonly { readonly host: string }[], verb: string): string => {
  const hosts = hostsOf(seen);
  return `${named(hosts)} ${hosts.length === 1 ? verb : (PLURAL[verb] ?? verb.replace(/s$/, ''))}`;
};

/** Keeps the first pieces of evidence and says how many more there are. */
export const limited = (evidence: readonly Evidence[]): Evidence[] => {
  const plain = evidence.map(({ host, fact, text }) => ({
    ...(host === undefined ? {} : { host }),
    fact,
    text,
  }));
  if (plain.length <= EVIDENCE_LIMIT) return plain;
  const shown = plain.slice(0, EVIDENCE_LIMIT - 1);
  const next = plain[EVIDENCE_LIMIT - 1];
  if (next === undefined) return shown;
  return [...shown, { ...next, text: `${next.text} (and ${plain.length - EVIDENCE_LIMIT} more like this)` }];
};

/** What a rule says about the observations that it groups into one finding. */
export type Statement = Omit<FindingDraft, 'hosts' | 'evidence'>;

/** One finding over all hosts that show the same thing. */
export const finding = (seen: readonly Observation[], statement: Statement): FindingDraft => ({
  ...statement,
  hosts: hostsOf(seen),
  evidence: limited(seen),
});

/** No finding when nothing was seen, one finding otherwise. */
export const findingIf = (
  seen: readonly Observation[],
  statement: (seen: readonly Observation[]) => Statement,
): FindingDraft[] => (seen.length === 0 ? [] : [finding(seen, statement(seen))]);

/** One finding for each group of observations with the same key. */
export const findingPerKey = (
  seen: readonly [string, readonly Observation[]][],
  statement: (key: string, seen: readonly Observation[]) => Statement,
): FindingDraft[] => seen.map(([key, group]) => finding(group, statement(key, group)));
