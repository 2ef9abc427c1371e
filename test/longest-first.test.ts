import { describe, expect, it } from 'vitest';
import { longestFirst } from './longest-first.js';

const orderOf = (...files: readonly string[]): string[] =>
  longestFirst(files.map((moduleId) => ({ moduleId }))).map(({ moduleId }) => moduleId);

describe('files of lab tests', () => {
  it('begin with the longest, and before that with those that nobody has measured', () => {
    const files = [
      '/x/routed.test.ts',
      '/x/survival.test.ts',
      '/x/never-seen.test.ts',
      '/x/rollback.test.ts',
    ];
    expect(orderOf(...files)).toEqual([
      '/x/never-seen.test.ts',
      '/x/survival.test.ts',
      '/x/rollback.test.ts',
      '/x/routed.test.ts',
    ]);
  });

  it('stay in their order when nobody has measured any', () => {
    expect(orderOf('/x/b.test.ts', '/x/a.test.ts')).toEqual(['/x/b.test.ts', '/x/a.test.ts']);
  });
});
