import { describe } from 'vitest';
import { bearsDeath } from './support/killed.js';
import { circle, namespace, shop } from './support/shop.js';

describe('a restore that is killed', () => {
  bearsDeath({
    begin: () => ({ ...shop({ existing: 'update' }), journal: [] }),
    lines: 30,
    writes: 10,
    pairs: 60,
  });
});

describe('a restore of objects that own each other', () => {
  bearsDeath({
    begin: () => {
      const life = { ...circle(), journal: [] };
      life.server.put(namespace);
      return life;
    },
    lines: 8,
    writes: 6,
    pairs: 20,
  });
});
