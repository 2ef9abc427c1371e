import { expect, it } from 'vitest';
import { stepOf } from '../../src/steps/catalogue.js';
import { sources } from './sources.js';

const rules = sources.filter(({ path }) => path.includes('src/diagnosis/') && !path.endsWith('compose.ts'));
const calls = rules.flatMap(({ path, text }) =>
  [...text.matchAll(/\b(?:step\(|removedBy:)\s*([^,]*),/g)]
    .map((match) => ({ path, given: (match[1] ?? '').trim() }))
    // What a rule of leftovers was given.
    .filter(({ given }) => given !== 'removedBy'),
);

it('findings name only steps that Drover has; what it cannot do is told as a sentence', () => {
  expect(calls.length).toBeGreaterThan(20);
  const unknown = calls.filter(({ given }) => stepOf(/^'(.*)'$/.exec(given)?.[1] ?? '') === undefined);
  expect(unknown).toEqual([]);
});
