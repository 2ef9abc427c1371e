import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPath } from '../../../src/spec/path.js';
import { changesBetween } from '../../../src/verify/bundle/changes.js';

const told = (expected: unknown, found: unknown) =>
  changesBetween(expected, found).map(({ path, problem }) => `${problem} ${formatPath(path)}`);

it('finds nothing between equal values, and something wherever one of two differs', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(changesBetween(value, structuredClone(value))).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (map, key) => {
      expect(changesBetween(map, { ...map, [key]: { changed: map[key] ?? null } })).not.toEqual([]);
    }),
  );
});

it('goes as deep as it can and tells what is missing, new and other', () => {
  expect(
    told(
      { spec: { replicas: 2, gone: 1, ports: [{ port: 80 }, { port: 81 }] } },
      { spec: { replicas: 3, new: 1, ports: [{ port: 80 }] } },
    ),
  ).toEqual(['differs spec.replicas', 'missing spec.gone', 'missing spec.ports[1]', 'added spec.new']);
});

it('matches named items by name: one more makes no others differ, another order is told', () => {
  const item = (name: string, image = 'i') => ({ name, image });
  expect(told([item('a'), item('b')], [item('new'), item('a'), item('b')])).toEqual(['added [0]']);
  expect(told([item('a'), item('b')], [item('b', 'j')])).toEqual(['missing [0]', 'differs [1].image']);
  expect(told({ init: [item('a'), item('b')] }, { init: [item('b'), item('a')] })).toEqual(['differs init']);
});

it('takes emptied labels for absent ones, but no other empty mapping', () => {
  expect(told({ labels: {}, nodeSelector: {}, gone: null }, {})).toEqual([]);
  expect(told({ emptyDir: {} }, {})).toEqual(['missing emptyDir']);
  expect(told({ podSelector: {} }, { podSelector: { app: 'x' } })).toEqual(['added podSelector.app']);
});
