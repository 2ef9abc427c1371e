import { describe, expect, it } from 'vitest';
import { filesBelow, sources } from './sources.js';

const code = [...sources, ...filesBelow('lab/engine', ['.go']), ...filesBelow('scripts', ['.sh', '.mjs'])];

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

describe('the size of files', () => {
  it('never exceeds 400 lines', () => {
    expect(code.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('is 100 lines at most for half of the sources', () => {
    expect(median(sources.map(({ lines }) => lines))).toBeLessThanOrEqual(100);
  });
});
