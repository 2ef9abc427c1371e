import type { Finding, Severity } from '../core/events/finding.js';
import { byText } from './access.js';

const WEIGHT: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };

/** Findings that are nobody's symptom come by importance, each followed by what it explains. */
export const inOrder = (findings: readonly Finding[], parents: ReadonlyMap<Finding, Finding>): Finding[] => {
  const children = new Map<Finding, Finding[]>();
  for (const [child, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), child]);
  const weights = new Map<Finding, number>();
  const weight = (finding: Finding): number => {
    const known = weights.get(finding);
    if (known !== undefined) return known;
    const heaviest = Math.max(WEIGHT[finding.severity], ...(children.get(finding) ?? []).map(weight));
    weights.set(finding, heaviest);
    return heaviest;
  };
  const size = (finding: Finding): number =>
    (children.get(finding) ?? []).reduce((sum, child) => sum + size(child), 1);
  const compare = (a: Finding, b: Finding): number =>
    weight(b) - weight(a) ||
    WEIGHT[b.severity] - WEIGHT[a.severity] ||
    size(b) - size(a) ||
    b.hosts.length - a.hosts.length ||
    byText(a.code, b.code) ||
    byText(a.title, b.title);
  const withChildren = (finding: Finding): Finding[] => [
    finding,
    ...[...(children.get(finding) ?? [])].sort(compare).flatMap(withChildren),
  ];
  return findings
    .filter((finding) => !parents.has(finding))
    .sort(compare)
    .flatMap(withChildren);
};
