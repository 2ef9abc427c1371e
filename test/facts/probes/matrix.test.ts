import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELLS, type Cell, probeMatrixSchema } from '../../../src/facts/model/probe-matrix.js';
import {
  cellAt,
  cellMatrix,
  cellsOf,
  failingPairs,
  type MatrixHead,
  matrixId,
  passesEverywhere,
  valueMatrix,
  valuesOf,
} from '../../../src/facts/probes/matrix.js';

const head = (hosts: readonly string[], over: Partial<MatrixHead> = {}): MatrixHead => ({
  kind: 'udp',
  number: 8472,
  network: '10.0.0.0/24',
  control: false,
  hosts: [...hosts],
  method: 'capture',
  at: '2026-01-01T00:00:00.000Z',
  ...over,
});

const names = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 7 })
  .filter((list) => list.length > 0);
const outcomeCell = fc.constantFrom(...CELLS.filter((cell) => cell !== '.'));

describe('a matrix of cells', () => {
  it('gives back what was put in, with notes, and fits the schema', () => {
    const cases = names.chain((hosts) =>
      fc.record({
        hosts: fc.constant(hosts),
        grid: fc.array(fc.tuple(outcomeCell, fc.option(fc.string())), {
          minLength: hosts.length ** 2,
          maxLength: hosts.length ** 2,
        }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ hosts, grid }) => {
        const at = (i: number, j: number): { cell: Cell; note?: string } => {
          const [cell, note] = grid[i * hosts.length + j]!;
          return note === null ? { cell } : { cell, note };
        };
        const matrix = cellMatrix(head(hosts), at);
        expect(probeMatrixSchema.parse(matrix)).toEqual(matrix);
        const expected = hosts.flatMap((from, i) =>
          hosts.flatMap((to, j) => (i === j ? [] : [{ from, to, ...at(i, j) }])),
        );
        expect(cellsOf(matrix)).toEqual(expected);
        for (const { from, to, cell } of expected) expect(cellAt(matrix, from, to)).toBe(cell);
      }),
    );
  });

  it('marks the host itself and knows which pairs fail', () => {
    const rows: Record<string, Cell> = {
      '0 1': '-',
      '1 0': 'w',
      '0 2': '+',
      '2 0': 'n',
      '1 2': '?',
      '2 1': '+',
    };
    const matrix = cellMatrix(head(['a', 'b', 'c']), (i, j) => ({ cell: rows[`${i} ${j}`]! }));
    expect(matrix.rows).toEqual(['.-+', 'w.?', 'n+.']);
    expect(failingPairs(matrix)).toEqual([
      { from: 'a', to: 'b', cell: '-' },
      { from: 'c', to: 'a', cell: 'n' },
    ]);
    expect(passesEverywhere(matrix)).toBe(false);
  });

  it('passes everywhere only when every pair was measured and arrived', () => {
    expect(passesEverywhere(cellMatrix(head(['a', 'b']), () => ({ cell: '+' })))).toBe(true);
    expect(passesEverywhere(cellMatrix(head(['a', 'b']), () => ({ cell: '?' })))).toBe(false);
    expect(passesEverywhere(cellMatrix(head(['a']), () => ({ cell: '+' })))).toBe(false);
  });

  it('answers ? for hosts it does not know', () => {
    const matrix = cellMatrix(head(['a', 'b']), () => ({ cell: '+' }));
    expect(cellAt(matrix, 'a', 'z')).toBe('?');
    expect(cellAt(matrix, 'z', 'a')).toBe('?');
  });
});

describe('a matrix of values', () => {
  it('gives back what was put in and stores the usual value once', () => {
    const cases = names.chain((hosts) =>
      fc.record({
        hosts: fc.constant(hosts),
        grid: fc.array(fc.option(fc.integer({ min: 0, max: 9000 }), { nil: undefined }), {
          minLength: hosts.length ** 2,
          maxLength: hosts.length ** 2,
        }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ hosts, grid }) => {
        const matrix = valueMatrix(head(hosts, { kind: 'path-mtu' }), (i, j) => ({
          value: grid[i * hosts.length + j],
        }));
        expect(probeMatrixSchema.parse(matrix)).toEqual(matrix);
        const expected = hosts.flatMap((from, i) =>
          hosts.flatMap((to, j) => (i === j ? [] : [{ from, to, value: grid[i * hosts.length + j] }])),
        );
        expect(valuesOf(matrix)).toEqual(expected);
      }),
    );
  });

  it('keeps one exception when one pair differs', () => {
    const matrix = valueMatrix(head(['a', 'b', 'c'], { kind: 'path-mtu' }), (i, j) => ({
      value: i === 0 && j === 2 ? 1400 : 1500,
    }));
    expect(matrix.values).toEqual({ usual: 1500, except: [[0, 2, 1400]] });
    expect(cellsOf(matrix)).toEqual([]);
  });
});

it('names a matrix by kind, number and network', () => {
  expect(matrixId({ kind: 'udp', number: 8472, network: '10.0.0.0/24' })).toBe('udp/8472@10.0.0.0/24');
  expect(matrixId({ kind: 'icmp', network: '10.0.0.0/24' })).toBe('icmp@10.0.0.0/24');
});
