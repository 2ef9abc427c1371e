import fc from 'fast-check';
import { expect, it } from 'vitest';
import { objectYaml, parseObject } from '../../../src/bundle/store/yaml-text.js';
import { object } from '../support/objects.js';

it('gives back every object that it wrote', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' })),
      (spec) => {
        const value = object('v1', 'ConfigMap', 'c', { spec });
        // Compared as JSON, which has no negative zero.
        expect(JSON.stringify(parseObject(objectYaml(value)))).toBe(JSON.stringify(value));
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  'yes',
  'no',
  'on',
  'null',
  '0777',
  '0o17',
  '1e3',
  '1:30',
  '2026-01-01',
  '<<',
  '~',
  ' x',
  'a: b',
  '#c',
  '\ttab',
  'line\nline\n',
  '\u0085',
  '=',
  '1_000',
  '.inf',
  '0b1',
  '- a',
])('quotes %j where another reader would take it for something else', (text) => {
  const value = object('v1', 'ConfigMap', 'c', { data: { [text]: text } });
  expect(parseObject(objectYaml(value))).toEqual(value);
});

it('takes nothing for an object that is none', () => {
  for (const text of [
    '',
    'a',
    '[]',
    'apiVersion: v1',
    'apiVersion: v1\nkind: X\nmetadata: {}',
    '{',
    'a: &a [*a]',
  ])
    expect(parseObject(text)).toBeUndefined();
});
