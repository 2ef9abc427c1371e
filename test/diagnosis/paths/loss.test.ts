import { describe, expect, it } from 'vitest';
import { gridOf } from '../../../src/diagnosis/paths/grid.js';
import { lossOf, lossPairs, lossTitle } from '../../../src/diagnosis/paths/loss.js';
import { uniform } from '../fixtures/healthy.js';

const HOSTS = ['a', 'b', 'c', 'd'];

const lossOn = (lost: (from: string, to: string) => boolean) => {
  const matrix = uniform(HOSTS, 'udp', '+', 8472);
  matrix.rows = HOSTS.map((from) =>
    HOSTS.map((to) => (from === to ? '.' : lost(from, to) ? '-' : '+')).join(''),
  );
  const loss = lossOf(gridOf(matrix), { lost: (cell) => cell === '-' });
  if (loss === undefined) throw new Error('nothing lost');
  return loss;
};

describe('the shape of a loss', () => {
  it.each([
    ['all', () => true, 'UDP 8472 passes between none of the 4 hosts'],
    ['to', (_: string, to: string) => to === 'b', 'UDP 8472 does not reach b from 3 hosts'],
    [
      'to',
      (_: string, to: string) => to === 'b' || to === 'c',
      'UDP 8472 does not reach b and c from the other hosts',
    ],
    ['from', (from: string) => from === 'b', 'UDP 8472 from b reaches none of 3 hosts'],
    [
      'around',
      (from: string, to: string) => from === 'b' || to === 'b',
      'UDP 8472 passes neither to nor from b (6 of 12 paths)',
    ],
    ['some', (from: string, to: string) => from === 'a' && to === 'b', 'UDP 8472 is lost from a to b'],
    [
      'some',
      (from: string, to: string) => `${from}${to}` === 'ab' || `${from}${to}` === 'ba',
      'UDP 8472 is lost between a and b, both ways',
    ],
    [
      'some',
      (from: string, to: string) => ['ab', 'cd', 'dc'].includes(`${from}${to}`),
      'UDP 8472 is lost on 3 of 12 paths, first from a to b',
    ],
  ] as const)('%s: %#', (shape, lost, title) => {
    const loss = lossOn(lost);
    expect(loss.shape).toBe(shape);
    expect(lossTitle('UDP 8472', loss)).toBe(title);
  });

  it('lists at most 200 pairs', () => {
    const many = Array.from({ length: 40 }, (_, i) => `h${i}`);
    const loss = lossOf(gridOf(uniform(many, 'udp', '-', 8472)), { lost: (cell) => cell === '-' });
    expect(loss?.lost).toHaveLength(1560);
    expect(loss === undefined ? 0 : lossPairs(loss).length).toBe(200);
  });
});
