import { describe, expect, it } from 'vitest';
import type { CniMode, DriverId } from '../../../src/facts/cni/driver.js';
import { driverOf, drivers } from '../../../src/facts/cni/drivers.js';
import { INSTALLERS } from '../../../src/spec/cni.js';
import { KNOWN_GOOD } from '../../../src/spec/networks/known-good.js';
import { confs } from '../../../src/steps/cni/recipes.js';
import { worksProblems } from '../../../src/steps/cni/works.js';
import { recipeInput } from '../../support/recipe-input.js';

const NODES = [
  { name: 'n1', address: '10.0.0.1' },
  { name: 'n2', address: '10.0.0.2' },
];

const cases = drivers.flatMap(({ id, encapsulations }) =>
  encapsulations.map(({ mode }) => [id, mode] as const),
);

const conf = (id: DriverId) => {
  const found = confs[id];
  if (found === undefined) throw new Error(`nobody knows what ${id} makes on hosts`);
  return found;
};

/** Calico and Cilium without a tunnel: routes come with the first pods, or are the provider’s. */
const silent = (id: DriverId, mode: CniMode): boolean => id.startsWith('calico') && mode === 'none';

describe('what the health of a network hides', () => {
  it.each(drivers.map(({ id }) => id))(
    'is told of %s, which is known by its agents and its residue',
    (id) => {
      const { health, residue, by } = driverOf(id);
      expect(health.length).toBeGreaterThan(0);
      for (const { says, hides } of health) expect(hides).not.toBe(says);
      expect(residue.length).toBeGreaterThan(0);
      const [name = '', how] = by.split('/');
      expect(INSTALLERS[name as keyof typeof INSTALLERS]).toContain(how);
      expect(KNOWN_GOOD).toHaveProperty([by]);
    },
  );

  it.each(cases)('is looked at on every host: %s by %s', (id, mode) => {
    const problems = worksProblems(conf(id), recipeInput({ mode, nodes: NODES }), '');
    expect(problems.length > 0).toBe(!silent(id, mode));
  });
});
