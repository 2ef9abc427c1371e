import { describe } from 'vitest';
import { bearsDeath } from './support/killed.js';
import { shop } from './support/shop.js';

describe('a restore that is killed', () => {
  bearsDeath({
    begin: () => ({ ...shop({ existing: 'update' }), journal: [] }),
    lines: 30,
    writes: 10,
    pairs: 60,
  });
});
