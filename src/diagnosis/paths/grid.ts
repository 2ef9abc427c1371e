import type { FactsFile } from '../../facts/model/facts-file.js';
import { CELLS, type Cell, type ProbeMatrix } from '../../facts/model/probe-matrix.js';
import { byText, nodeNetwork } from '../access.js';
import type { RuleContext } from '../rule.js';

/** A probe's matrix read by host name order: index 0 is the first name of the alphabet, whatever the file's order. */
export interface Grid {
  readonly matrix: ProbeMatrix;
  /** Path of the matrix in the facts file. */
  readonly fact: string;
  readonly hosts: readonly string[];
  readonly cell: (from: number, to: number) => Cell;
  /** Does any of these cells occur at all? Answers most questions without a look at 250,000 pairs. */
  readonly hasAny: (cells: string) => boolean;
}

const UNKNOWN = CELLS.indexOf('?');

/** Index into CELLS by character code. */
const CODE = new Uint8Array(128).fill(UNKNOWN);
for (const [index, cell] of CELLS.entries()) CODE[cell.charCodeAt(0)] = index;

/** Reads a matrix; cells that are missing or unknown count as not measured. */
export const gridOf = (matrix: ProbeMatrix): Grid => {
  const n = matrix.hosts.length;
  const order = matrix.hosts.map((_, index) => index);
  order.sort((a, b) => byText(matrix.hosts[a] ?? '', matrix.hosts[b] ?? ''));
  const codes = new Uint8Array(n * n).fill(UNKNOWN);
  for (const [from, row] of order.map((index) => matrix.rows[index] ?? '').entries())
    for (let to = 0; to < n; to++)
      if (from !== to) codes[from * n + to] = CODE[row.charCodeAt(order[to] ?? n)] ?? UNKNOWN;
  const inside = (at: number): boolean => at >= 0 && at < n;
  return {
    matrix,
    fact: `probes.${matrix.id}`,
    hosts: order.map((index) => matrix.hosts[index] ?? ''),
    hasAny: (cells) => Array.from(cells).some((cell) => codes.includes(CODE[cell.charCodeAt(0)] ?? UNKNOWN)),
    cell: (from, to) => {
      if (from === to) return '.';
      return inside(from) && inside(to) ? (CELLS[codes[from * n + to] ?? UNKNOWN] ?? '?') : '?';
    },
  };
};

const cache = new WeakMap<FactsFile, Map<string, readonly Grid[]>>();

/** The matrices of one kind (and number) on the node network. */
export const grids = (context: RuleContext, kind: ProbeMatrix['kind'], number?: number): readonly Grid[] => {
  const known = cache.get(context.facts) ?? new Map<string, readonly Grid[]>();
  cache.set(context.facts, known);
  const key = `${kind}/${number ?? ''}`;
  const network = nodeNetwork(context)?.cidr;
  const found =
    known.get(key) ??
    context.facts.probes
      .filter((matrix) => matrix.kind === kind && (network === undefined || matrix.network === network))
      .filter((matrix) => number === undefined || matrix.number === number)
      .map(gridOf);
  known.set(key, found);
  return found;
};

/** A control port says something of its own only when it is asked for by number. */
export const grid = (context: RuleContext, kind: ProbeMatrix['kind'], number?: number): Grid | undefined =>
  grids(context, kind, number)[0];

/** Passes: arrived, or arrives once the peer has spoken. */
export const passes = (cell: Cell): boolean => cell === '+' || cell === 'w';

/** Did not arrive, by whatever cause. */
export const fails = (cell: Cell): boolean => cell === '-' || cell === 'n' || cell === 's' || cell === 'c';

/** A value of a matrix with numbers; undefined when it was not measured. */
export const measured = (matrix: ProbeMatrix): ((from: string, to: string) => number | undefined) => {
  const { values, hosts } = matrix;
  const index = new Map(hosts.map((host, at) => [host, at]));
  const except = new Map(
    (values?.except ?? []).map(([from, to, value]) => [from * hosts.length + to, value]),
  );
  return (from, to) => {
    const [a, b] = [index.get(from), index.get(to)];
    if (values === undefined || a === undefined || b === undefined || a === b) return undefined;
    const value = except.get(a * hosts.length + b) ?? values.usual;
    return value < 0 ? undefined : value;
  };
};
