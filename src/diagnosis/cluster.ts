import type { Evidence } from '../core/events/finding.js';
import type { ClusterFacts, NodeFacts } from '../facts/cluster/cluster-facts.js';
import { limited } from './compose.js';
import type { FindingDraft, RuleContext } from './rule.js';

/** One thing that a cluster's API told, and the part of its facts that says so. */
export interface Told {
  readonly node?: string;
  /** `nodes`, `dns`, `workloads` … */
  readonly part: keyof ClusterFacts;
  readonly text: string;
}

const evidenceOf = (context: RuleContext, { node, part, text }: Told): Evidence => {
  const known = context.facts.hosts.some(({ name }) => name === node);
  return { ...(node !== undefined && known ? { host: node } : {}), fact: `kubernetes.${part}`, text };
};

/** A finding about a running cluster; undefined facts or nothing told give none. */
export const toldFinding = (
  context: RuleContext,
  look: (facts: ClusterFacts) => readonly Told[],
  say: (told: readonly Told[]) => Omit<FindingDraft, 'hosts' | 'evidence'>,
): readonly FindingDraft[] => {
  const facts = context.facts.kubernetes;
  const told = facts === undefined ? [] : look(facts);
  if (told.length === 0) return [];
  const evidence = limited(told.map((one) => evidenceOf(context, one)));
  const hosts = [...new Set(evidence.flatMap(({ host }) => (host === undefined ? [] : [host])))].sort();
  return [{ ...say(told), hosts, evidence }];
};

/** Names of the nodes that were told of. */
export const nodesIn = (told: readonly Told[]): string[] => [
  ...new Set(told.flatMap(({ node }) => (node === undefined ? [] : [node]))),
];

/** The nodes for which `look` says something. */
export const perNode =
  (look: (node: NodeFacts) => string | undefined) =>
  ({ nodes }: ClusterFacts): Told[] =>
    nodes.flatMap((node): Told[] => {
      const text = look(node);
      return text === undefined ? [] : [{ node: node.name, part: 'nodes', text: `${node.name}: ${text}` }];
    });
