import type { Evidence } from '../../core/events/finding.js';
import { count, sentence } from '../../core/text.js';
import type { Cell } from '../../facts/model/probe-matrix.js';
import type { Grid } from './grid.js';

/** More pairs than this are summarised: 500 hosts have 249,500. */
const PAIR_LIMIT = 200;

/** Paths of a matrix that are lost, and the hosts that all losses have in common. */
export interface Loss {
  readonly grid: Grid;
  /** from × n + to. */
  readonly lost: readonly number[];
  /** Number of paths that were looked at. */
  readonly considered: number;
  readonly shape: 'all' | 'to' | 'from' | 'around' | 'some';
  /** The hosts at fault as far as the shape tells; for `all` and `some` every host touched. */
  readonly culprits: readonly string[];
}

/** Which cells count as lost and which pairs are left out (`skip`), because something else explains them. */
export interface LossQuery {
  readonly lost: (cell: Cell, from: number, to: number) => boolean;
  readonly skip?: ((from: number, to: number) => boolean) | undefined;
}

interface Tally {
  readonly lost: number[];
  readonly lostTo: number[];
  readonly lostFrom: number[];
  readonly seenTo: number[];
  readonly seenFrom: number[];
  considered: number;
}

const tally = (grid: Grid, query: LossQuery): Tally => {
  const n = grid.hosts.length;
  const zeros = (): number[] => new Array<number>(n).fill(0);
  const sum: Tally = {
    lost: [],
    lostTo: zeros(),
    lostFrom: zeros(),
    seenTo: zeros(),
    seenFrom: zeros(),
    considered: 0,
  };
  const add = (list: number[], at: number): void => void (list[at] = (list[at] ?? 0) + 1);
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) {
      const cell = grid.cell(from, to);
      if (cell === '.' || cell === '?' || query.skip?.(from, to) === true) continue;
      sum.considered += 1;
      add(sum.seenTo, to);
      add(sum.seenFrom, from);
      if (!query.lost(cell, from, to)) continue;
      sum.lost.push(from * n + to);
      add(sum.lostTo, to);
      add(sum.lostFrom, from);
    }
  }
  return sum;
};

const fully = (lost: readonly number[], seen: readonly number[]): number[] =>
  lost.flatMap((value, at) => (value > 0 && value === seen[at] ? [at] : []));

/** Do the losses counted at these hosts make up all losses? */
const makeUpAll = (hosts: readonly number[], counts: readonly number[], all: number): boolean =>
  hosts.reduce((sum, at) => sum + (counts[at] ?? 0), 0) === all;

const shapeOf = (
  { lost, lostTo, lostFrom, seenTo, seenFrom, considered }: Tally,
  n: number,
): { readonly shape: Loss['shape']; readonly at: readonly number[] } => {
  if (lost.length === considered) return { shape: 'all', at: [] };
  const to = fully(lostTo, seenTo);
  if (makeUpAll(to, lostTo, lost.length)) return { shape: 'to', at: to };
  const from = fully(lostFrom, seenFrom);
  if (makeUpAll(from, lostFrom, lost.length)) return { shape: 'from', at: from };
  const both = to.filter((at) => from.includes(at));
  const isBoth = new Uint8Array(n);
  for (const at of both) isBoth[at] = 1;
  const around = (pair: number): boolean => isBoth[pair % n] === 1 || isBoth[Math.floor(pair / n)] === 1;
  if (both.length > 0 && lost.every(around)) return { shape: 'around', at: both };
  return { shape: 'some', at: [] };
};

/** Finds lost paths and their shape; undefined when nothing is lost. */
export const lossOf = (grid: Grid, query: LossQuery): Loss | undefined => {
  const sum = tally(grid, query);
  if (sum.lost.length === 0) return undefined;
  const { shape, at } = shapeOf(sum, grid.hosts.length);
  const touched = (index: number): boolean => (sum.lostTo[index] ?? 0) > 0 || (sum.lostFrom[index] ?? 0) > 0;
  const culprits = grid.hosts.filter((_, index) => (at.length > 0 ? at.includes(index) : touched(index)));
  return { grid, lost: sum.lost, considered: sum.considered, shape, culprits };
};

/** The lost paths by name, at most 200. */
export const lossPairs = ({ grid, lost }: Loss): [string, string][] =>
  lost.slice(0, PAIR_LIMIT).map((pair) => {
    const n = grid.hosts.length;
    return [grid.hosts[Math.floor(pair / n)] ?? '', grid.hosts[pair % n] ?? ''];
  });

/** Says who does not hear whom: "UDP 8472 does not reach k3s-worker-01 from 7 hosts". */
export const lossTitle = (subject: string, loss: Loss): string => {
  const names = sentence(loss.culprits, 4);
  const hosts = loss.grid.hosts.length;
  const paths = `${loss.lost.length} of ${loss.considered} paths`;
  const [first] = lossPairs(loss);
  const pair = `from ${first?.[0] ?? ''} to ${first?.[1] ?? ''}`;
  if (loss.lost.length === 1) return `${subject} is lost ${pair}`;
  if (isPair(loss))
    return `${subject} is lost between ${first?.[0] ?? ''} and ${first?.[1] ?? ''}, both ways`;
  switch (loss.shape) {
    case 'all':
      return `${subject} passes between none of the ${count(hosts, 'host')}`;
    case 'to':
      return `${subject} does not reach ${names} from ${othersOf(loss)}`;
    case 'from':
      return `${subject} from ${names} reaches none of ${othersOf(loss)}`;
    case 'around':
      return `${subject} passes neither to nor from ${names} (${paths})`;
    case 'some':
      return `${subject} is lost on ${paths}, first ${pair}`;
  }
};

/** The two directions between two hosts, and nothing else. */
const isPair = ({ grid, lost }: Loss): boolean => {
  const [a, b] = lost;
  const n = grid.hosts.length;
  return n > 2 && lost.length === 2 && a !== undefined && b === (a % n) * n + Math.floor(a / n);
};

const othersOf = ({ lost, shape, culprits, grid }: Loss): string => {
  const n = grid.hosts.length;
  const others = new Set(lost.map((pair) => (shape === 'to' ? Math.floor(pair / n) : pair % n)));
  return culprits.length === 1 ? count(others.size, 'host') : 'the other hosts';
};

/** The matrix as evidence, with the first lost paths. */
export const lossEvidence = (loss: Loss, what: string): Evidence => {
  const some = lossPairs(loss).slice(0, 3);
  const text = some.map(([from, to]) => `${from} → ${to}`).join(', ');
  const more = loss.lost.length > some.length ? ` and ${loss.lost.length - some.length} more` : '';
  return {
    fact: loss.grid.fact,
    text: `${what}: ${text}${more} (${loss.lost.length} of ${loss.considered} measured)`,
  };
};

/** True when the other direction of every lost path passes. */
export const oneWay = ({ grid, lost }: Loss): boolean => {
  const n = grid.hosts.length;
  return lost.every((pair) => {
    const back = grid.cell(pair % n, Math.floor(pair / n));
    return back === '+' || back === 'w';
  });
};
