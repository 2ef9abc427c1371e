import { describe, expect, it } from 'vitest';
import { allCodes } from '../../src/cli/catalogue.js';
import { faults } from '../../src/lab/faults/list.js';
import { defaultTargets, leastTargets } from '../../src/lab/faults/targets.js';
import { planOf } from './rig.js';

describe('the faults', () => {
  it('have names of their own and say what they simulate', () => {
    expect(new Set(faults.map((fault) => fault.id)).size).toBe(faults.length);
    expect(faults.filter((fault) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(fault.id))).toEqual([]);
    expect(faults.filter((fault) => fault.simulates.length < 20 || /\.$/.test(fault.title))).toEqual([]);
    expect(faults.length).toBeGreaterThanOrEqual(25);
  });

  it.each(faults.map((fault) => [fault.id, fault] as const))('%s names findings that exist', (_, fault) => {
    const known = new Set(allCodes.map((entry) => entry.code));
    expect(fault.codes.filter((code) => !known.has(code))).toEqual([]);
    expect(fault.codes.length).toBeGreaterThan(0);
  });

  it('find enough hosts in a lab of two', () => {
    for (const fault of faults) {
      expect(defaultTargets(fault, planOf().hosts).length, fault.id).toBeGreaterThanOrEqual(
        leastTargets(fault),
      );
    }
  });
});
