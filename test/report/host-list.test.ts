import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostList } from '../../src/report/host-list.js';

it('tells names with neighbouring numbers as one', () => {
  expect(hostList(['w-01', 'w-02', 'w-03', 'db', 'm-1', 'm-2'])).toBe('w-01…03, db, m-1, m-2');
});

it('keeps names apart whose numbers have a gap, another width or another stem', () => {
  expect(hostList(['w-1', 'w-3', 'w-9', 'w-10', 'v-11', 'v-12'])).toBe('w-1, w-3, w-9, w-10, v-11, v-12');
});

it('names every host: none is lost and none is made up', () => {
  const names = fc.uniqueArray(fc.integer({ min: 10, max: 99 }), { minLength: 1 });
  fc.assert(
    fc.property(names, (numbers) => {
      const told = hostList(numbers.map((number) => `h${number}`)).split(', ');
      const back = told.flatMap((part) => {
        const [from = 0, to = from] = part.slice(1).split('…').map(Number);
        return Array.from({ length: to - from + 1 }, (_, index) => from + index);
      });
      expect(back).toEqual(numbers);
    }),
  );
});
