import { describe, expect, it } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LongestFirst } from './longest-first.js';

const orderOf = async (...files: readonly string[]): Promise<string[]> => {
  const sequencer = new LongestFirst({} as Vitest);
  const specifications = files.map((moduleId) => ({ moduleId }) as TestSpecification);
  return (await sequencer.sort(specifications)).map(({ moduleId }) => moduleId);
};

describe('files of lab tests', () => {
  it('begin with the longest, and before that with those that nobody has measured', async () => {
    const files = [
      '/x/routed.test.ts',
      '/x/vm-inside.test.ts',
      '/x/never-seen.test.ts',
      '/x/rollback.test.ts',
    ];
    expect(await orderOf(...files)).toEqual([
      '/x/never-seen.test.ts',
      '/x/vm-inside.test.ts',
      '/x/rollback.test.ts',
      '/x/routed.test.ts',
    ]);
  });

  it('stay in their order when nobody has measured any', async () => {
    expect(await orderOf('/x/b.test.ts', '/x/a.test.ts')).toEqual(['/x/b.test.ts', '/x/a.test.ts']);
  });
});
