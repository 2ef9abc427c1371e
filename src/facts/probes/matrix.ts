import type { Cell, ProbeMatrix } from '../model/probe-matrix.js';

/** One cell of a matrix with the names of its pair. */
export interface PairCell {
  readonly from: string;
  readonly to: string;
  readonly cell: Cell;
  /** Remark that explains the cell, when there is one. */
  readonly note?: string;
}

/** One value of a matrix with values; `undefined` = not measured. */
export interface PairValue {
  readonly from: string;
  readonly to: string;
  readonly value: number | undefined;
  readonly note?: string;
}

/** What all matrices have in common; the rest is cells or values. */
export type MatrixHead = Omit<ProbeMatrix, 'id' | 'rows' | 'values' | 'notes'>;

type Note = ProbeMatrix['notes'][number];

/** Notes kept per matrix: enough to locate every kind of loss, while a dead network of 500 hosts stays small. */
const MAX_NOTES = 200;

/** Stable name of a matrix: `udp/8472@10.0.0.0/24`, `icmp@10.0.0.0/24`. */
export const matrixId = (head: Pick<MatrixHead, 'kind' | 'number' | 'network'>): string =>
  `${head.kind}${head.number === undefined ? '' : `/${head.number}`}@${head.network}`;

/** Builds a matrix of cells; `cell` is asked once for each ordered pair of different hosts, by index. */
export const cellMatrix = (
  head: MatrixHead,
  cell: (from: number, to: number) => { readonly cell: Cell; readonly note?: string | undefined },
): ProbeMatrix => {
  const notes: Note[] = [];
  const rows = head.hosts.map((_, from) =>
    head.hosts
      .map((__, to) => {
        if (from === to) return '.';
        const outcome = cell(from, to);
        if (outcome.note !== undefined && notes.length < MAX_NOTES) notes.push([from, to, outcome.note]);
        return outcome.cell;
      })
      .join(''),
  );
  return { ...head, id: matrixId(head), rows, notes };
};

/** Builds a matrix of values; the most frequent value is stored once, the pairs that differ one by one. */
export const valueMatrix = (
  head: MatrixHead,
  value: (
    from: number,
    to: number,
  ) => { readonly value: number | undefined; readonly note?: string | undefined },
): ProbeMatrix => {
  const all: [number, number, number][] = [];
  const notes: Note[] = [];
  for (const from of head.hosts.keys()) {
    for (const to of head.hosts.keys()) {
      if (from === to) continue;
      const outcome = value(from, to);
      all.push([from, to, outcome.value ?? -1]);
      if (outcome.note !== undefined && notes.length < MAX_NOTES) notes.push([from, to, outcome.note]);
    }
  }
  const usual = mostFrequent(all.map(([, , v]) => v));
  const except = all.filter(([, , v]) => v !== usual);
  return { ...head, id: matrixId(head), rows: [], values: { usual, except }, notes };
};

/** The cell of one ordered pair; `?` for hosts that the matrix does not know. */
export const cellAt = (matrix: ProbeMatrix, from: string, to: string): Cell => {
  const row = matrix.rows[matrix.hosts.indexOf(from)];
  return (row?.[matrix.hosts.indexOf(to)] ?? '?') as Cell;
};

/** All ordered pairs of different hosts with their cell; empty for matrices with values. */
export const cellsOf = (matrix: ProbeMatrix): readonly PairCell[] => {
  const notes = notesByPair(matrix);
  return matrix.rows.flatMap((row, i) =>
    row.split('').flatMap((cell, j) => {
      const from = matrix.hosts[i];
      const to = matrix.hosts[j];
      if (i === j || from === undefined || to === undefined) return [];
      return [{ from, to, cell: cell as Cell, ...noteOf(notes, i, j) }];
    }),
  );
};

/** All ordered pairs of different hosts with their value; empty for matrices with cells. */
export const valuesOf = (matrix: ProbeMatrix): readonly PairValue[] => {
  const values = matrix.values;
  if (values === undefined) return [];
  const notes = notesByPair(matrix);
  const except = new Map(values.except.map(([i, j, value]) => [pairKey(i, j), value]));
  return matrix.hosts.flatMap((from, i) =>
    matrix.hosts.flatMap((to, j) => {
      if (i === j) return [];
      const value = except.get(pairKey(i, j)) ?? values.usual;
      return [{ from, to, value: value === -1 ? undefined : value, ...noteOf(notes, i, j) }];
    }),
  );
};

/** The cells that say that something does not work: lost, dropped, refused, damaged or never sent. */
const FAILING: ReadonlySet<Cell> = new Set(['-', 'n', 's', 'r', 'c']);

/** Pairs on which the probe failed; not measured and unproven ones are not failures. */
export const failingPairs = (matrix: ProbeMatrix): readonly PairCell[] =>
  cellsOf(matrix).filter(({ cell }) => FAILING.has(cell));

/** True when every pair was measured and every one passed. */
export const passesEverywhere = (matrix: ProbeMatrix): boolean =>
  matrix.hosts.length > 1 && cellsOf(matrix).every(({ cell }) => cell === '+');

const pairKey = (from: number, to: number): string => `${from} ${to}`;

const notesByPair = (matrix: ProbeMatrix): ReadonlyMap<string, string> =>
  new Map(matrix.notes.map(([from, to, text]) => [pairKey(from, to), text]));

const noteOf = (notes: ReadonlyMap<string, string>, from: number, to: number): { note?: string } => {
  const note = notes.get(pairKey(from, to));
  return note === undefined ? {} : { note };
};

const mostFrequent = (values: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = -1;
  for (const [value, n] of counts) if (n > (counts.get(best) ?? 0)) best = value;
  return best;
};
