import type { FactsFile } from '../../facts/model/facts-file.js';
import type { RuleContext } from '../rule.js';
import { fails, type Grid, grids, passes } from './grid.js';

/**
 * Whether each path works at all, told by the probes that no cluster needs: control ports and echo.
 * A reset of TCP is an answer, so the path works; ICMP "unreachable" is none.
 */
interface Paths {
  /** Grid of `+` (works), `-` (lost whole) and `?`. */
  readonly grid: Grid;
  readonly anyLost: boolean;
}

const cache = new WeakMap<FactsFile, Paths | 'none'>();

const controlGrids = (context: RuleContext): readonly Grid[] => [
  ...grids(context, 'icmp'),
  ...grids(context, 'tcp').filter(({ matrix }) => matrix.control),
  ...grids(context, 'udp').filter(({ matrix }) => matrix.control),
];

/** Index of each of `hosts` in the grid; -1 where the grid lacks the host. */
const positions = (grid: Grid, hosts: readonly string[]): Int32Array => {
  const index = new Map(grid.hosts.map((host, at) => [host, at]));
  return Int32Array.from(hosts, (host) => index.get(host) ?? -1);
};

const WORKS = 1;
const LOST = 2;

const measure = (context: RuleContext): Paths | 'none' => {
  const controls = controlGrids(context);
  const [first] = controls;
  if (first === undefined) return 'none';
  const n = first.hosts.length;
  const states = new Uint8Array(n * n);
  for (const grid of controls) {
    const at = positions(grid, first.hosts);
    for (let pair = 0; pair < n * n; pair++) {
      if (states[pair] === WORKS) continue;
      const cell = grid.cell(at[Math.floor(pair / n)] ?? -1, at[pair % n] ?? -1);
      if (passes(cell) || (cell === 'r' && grid.matrix.kind === 'tcp')) states[pair] = WORKS;
      else if (fails(cell) || cell === 'r') states[pair] = LOST;
    }
  }
  const cell: Grid['cell'] = (from, to) => {
    if (from === to) return '.';
    const state = states[from * n + to];
    return state === WORKS ? '+' : state === LOST ? '-' : '?';
  };
  const anyLost = states.includes(LOST);
  const hasAny: Grid['hasAny'] = (cells) => cells !== '-' || anyLost;
  return { grid: { ...first, cell, hasAny }, anyLost };
};

const pathsOf = (context: RuleContext): Paths | undefined => {
  const known = cache.get(context.facts) ?? measure(context);
  cache.set(context.facts, known);
  return known === 'none' ? undefined : known;
};

/** Which whole paths work (`+`) and which are lost (`-`); undefined when no control was measured. */
export const pathGrid = (context: RuleContext): Grid | undefined => pathsOf(context)?.grid;

/** For `lossOf`: leaves out paths that are lost as a whole, because that explains every port on them. */
export const skipLostPaths = (
  context: RuleContext,
  grid: Grid,
): ((from: number, to: number) => boolean) | undefined => {
  const paths = pathsOf(context);
  if (paths?.anyLost !== true) return undefined;
  const at = positions(paths.grid, grid.hosts);
  return (from, to) => paths.grid.cell(at[from] ?? -1, at[to] ?? -1) === '-';
};
