import { defineSpecRule } from '../rule.js';

type Graph = ReadonlyMap<string, readonly string[]>;

/** A way from a name back to itself; undefined when there is none. */
const cycleFrom = (start: string, graph: Graph): readonly string[] | undefined => {
  const seen = new Set<string>();
  const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of graph.get(name) ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
};

export const appNeedsCycle = defineSpecRule({
  code: 'app-needs-cycle',
  title: 'Applications wait for each other',
  severity: 'error',
  explain: `\`needs\` says what must answer before an application is deployed. When A needs B and B needs A, neither can start. Remove
the weaker of the two needs.`,
  reads: ['applications'],
  check: ({ applications }, { at }) => {
    const graph: Graph = new Map(applications.map(({ name, needs }) => [name, needs]));
    const reported = new Set<string>();
    return applications.flatMap(({ name }, index) => {
      const cycle = reported.has(name) ? undefined : cycleFrom(name, graph);
      if (cycle === undefined) return [];
      for (const member of cycle) reported.add(member);
      return [
        {
          message: `applications wait for each other: ${cycle.join(' → ')}`,
          location: at(['spec', 'applications', index, 'needs'], 'key'),
          hint: 'remove one of the needs',
        },
      ];
    });
  },
});
