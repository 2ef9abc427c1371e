import type { ProbeMatrix } from '../../facts/model/probe-matrix.js';
import { byText } from '../access.js';
import { limited, named } from '../compose.js';
import { measured } from '../paths/grid.js';
import type { FindingDraft } from '../rule.js';

/** A value per path that is out of bounds. */
export interface SlowPaths {
  readonly matrix: ProbeMatrix;
  readonly bad: (value: number) => boolean;
  readonly show: (value: number) => string;
  /** Only paths between these hosts. */
  readonly hosts?: ReadonlySet<string>;
}

type Parts = Pick<FindingDraft, 'hosts' | 'pairs' | 'evidence'> & { readonly paths: string };

/** Collects the paths whose value is out of bounds; undefined when none is. */
export const slowPaths = ({ matrix, bad, show, hosts }: SlowPaths): Parts | undefined => {
  const value = measured(matrix);
  const names = matrix.hosts.filter((host) => hosts === undefined || hosts.has(host)).sort(byText);
  const found = names.flatMap((from) =>
    names.flatMap((to) => {
      const got = value(from, to);
      return got !== undefined && bad(got) ? [{ from, to, got }] : [];
    }),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const touched = [...new Set(found.flatMap(({ from, to }) => [from, to]))].sort(byText);
  const evidence = found
    .slice(0, 4)
    .map(({ from, to, got }) => ({ fact: `probes.${matrix.id}`, text: `${from} → ${to}: ${show(got)}` }));
  return {
    hosts: touched,
    pairs: found.slice(0, 200).map(({ from, to }) => [from, to]),
    evidence: limited(evidence),
    paths:
      found.length === 1
        ? `from ${first.from} to ${first.to}`
        : `on ${found.length} paths (${named(touched)})`,
  };
};
