import type { Finding } from '../core/events/finding.js';
import type { Rule } from './rule.js';

/** Does a cause concern the same hosts or paths as a symptom? Counted per pair, or per host when there are no pairs. */
interface Reach {
  readonly pairs: ReadonlySet<string> | undefined;
  readonly hosts: ReadonlySet<string>;
}

const pairKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

const reachOf = ({ pairs, hosts }: Finding): Reach => ({
  pairs: pairs === undefined ? undefined : new Set(pairs.map(([a, b]) => pairKey(a, b))),
  hosts: new Set(hosts),
});

/** A cause with pairs explains these paths only; one without explains everything at its hosts. */
const explainsPair = (cause: Reach, [a, b]: readonly [string, string]): boolean =>
  cause.pairs === undefined ? cause.hosts.has(a) || cause.hosts.has(b) : cause.pairs.has(pairKey(a, b));

/** How many of the symptom's places a cause explains, and of how many. */
const explained = (
  causes: readonly Reach[],
  symptom: Finding,
): { readonly by: number[]; readonly whole: boolean } => {
  const places = symptom.pairs ?? symptom.hosts.map((host) => [host, host] as const);
  const covers = (cause: Reach, place: readonly [string, string]): boolean =>
    symptom.pairs === undefined ? cause.hosts.has(place[0]) : explainsPair(cause, place);
  const by = causes.map((cause) => places.filter((place) => covers(cause, place)).length);
  return { by, whole: places.every((place) => causes.some((cause) => covers(cause, place))) };
};

/**
 * Hangs symptoms under their causes. A symptom is hung only when its causes together explain all its hosts or
 * paths, under the one that explains most; what is explained in part stands on its own, so that nothing is hidden.
 * The graph of causes has no cycle (a test checks the rules), so neither has the result.
 */
export const attach = (
  findings: readonly Finding[],
  rules: readonly Rule[],
): ReadonlyMap<Finding, Finding> => {
  const causeCodes = new Map<string, string[]>();
  for (const rule of rules)
    for (const code of rule.causes ?? []) causeCodes.set(code, [...(causeCodes.get(code) ?? []), rule.code]);
  const parents = new Map<Finding, Finding>();
  for (const symptom of findings) {
    const codes = causeCodes.get(symptom.code);
    if (codes === undefined) continue;
    const causes = findings.filter(({ code }) => codes.includes(code));
    const { by, whole } = explained(causes.map(reachOf), symptom);
    const most = Math.max(0, ...by);
    const parent = causes[by.indexOf(most)];
    if (whole && most > 0 && parent !== undefined) parents.set(symptom, parent);
  }
  return parents;
};
