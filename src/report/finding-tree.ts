import type { Finding, Severity } from '../core/events/finding.js';

/** A finding with the findings that it explains. */
export interface FindingNode {
  readonly finding: Finding;
  readonly explains: readonly FindingNode[];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The most severe of a finding and what it explains: a quiet cause of a loud symptom comes first. */
const weight = (node: FindingNode): number =>
  Math.min(RANK[node.finding.severity], ...node.explains.map(weight));

const overlaps = (cause: Finding, symptom: Finding): boolean =>
  symptom.hosts.length === 0 ||
  cause.hosts.length === 0 ||
  symptom.hosts.some((host) => cause.hosts.includes(host));

/** Hangs findings under their causes and sorts causes by importance; the order of equals stays. */
export const findingTree = (findings: readonly Finding[]): readonly FindingNode[] => {
  /** The cause stands before what it explains; where several have the code, it is the one about the same hosts. */
  const causeOf = (finding: Finding): Finding | undefined => {
    const named = findings.filter((other) => other !== finding && other.code === finding.under);
    return named.find((other) => overlaps(other, finding)) ?? named[0];
  };
  const causes = new Map(findings.map((finding) => [finding, causeOf(finding)]));
  /** A circle of causes would hide its members: they stay roots. */
  const isRoot = (finding: Finding): boolean => {
    const seen = new Set<Finding>();
    let at: Finding | undefined = finding;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      at = causes.get(at);
    }
    return causes.get(finding) === undefined || at !== undefined;
  };
  const nodeOf = (finding: Finding): FindingNode => ({
    finding,
    explains: findings.filter((other) => causes.get(other) === finding && !isRoot(other)).map(nodeOf),
  });
  return findings
    .filter(isRoot)
    .map(nodeOf)
    .toSorted((a, b) => weight(a) - weight(b));
};
