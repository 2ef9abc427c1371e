import { describe, expect, it } from 'vitest';
import { allCodes } from '../../src/cli/catalogue.js';
import { sources } from './sources.js';

const known = new Set(allCodes.map(({ code }) => code));

describe('codes', () => {
  it('are unique over the whole of Drover', () => {
    const seen = allCodes.map(({ code }) => code);
    expect(seen.filter((code, at) => seen.indexOf(code) !== at)).toEqual([]);
  });

  it('are kebab-case and explained', () => {
    for (const { code, title, explain } of allCodes) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title.length, code).toBeGreaterThan(5);
      expect(explain.trim().length, code).toBeGreaterThan(20);
    }
  });

  it('are in the catalogue wherever an error is made', () => {
    const unknown = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bcode: '([a-z0-9]+(?:-[a-z0-9]+)+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((code) => !known.has(code))
        .map((code) => `${path}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  it('of every declared catalogue can be explained', () => {
    const declared = sources.flatMap(({ text }) => {
      const [, body = ''] = /defineErrors\(\{([\s\S]*?)\n\}\)/.exec(text) ?? [];
      return [...body.matchAll(/^ {2}'?([a-z0-9-]+)'?: \{/gm)].map((match) => match[1] ?? '');
    });
    expect(declared.length).toBeGreaterThan(20);
    expect(declared.filter((code) => !known.has(code))).toEqual([]);
  });
});
