import { access, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { steps } from '../../src/steps/catalogue.js';
import { suiteOf, suites } from './contract-suites.js';

const at = (file: string): URL => new URL(`../../${file}`, import.meta.url);

describe('the contract of steps', () => {
  it('has a suite for every step of the catalogue', () => {
    const without = steps.map(({ id }) => id).filter((id) => suiteOf(id) === undefined);
    expect(without, 'test/steps/contract-suites.ts does not name the suite of these steps').toEqual([]);
  });

  it.each(Object.entries(suites).filter(([, { instead }]) => instead === undefined))(
    'is asked of all steps %s by their suite on lab hosts',
    async (begin, { file }) => {
      expect(await readFile(at(file), 'utf8')).toContain(`expectWholeContract('${begin}')`);
    },
  );

  it.each(Object.entries(suites).filter(([, { instead }]) => instead !== undefined))(
    'is proven for %s elsewhere, in a file that exists',
    async (_begin, { file }) => {
      await expect(access(at(file))).resolves.toBeUndefined();
    },
  );
});
