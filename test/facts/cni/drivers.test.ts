import { describe, expect, it } from 'vitest';
import { NETWORK_OPTIONS } from '../../../src/core/events/verdict.js';
import { CNI_NAMES, DRIVER_IDS } from '../../../src/facts/cni/driver.js';
import { driverOf, drivers, driversOf } from '../../../src/facts/cni/drivers.js';
import { CNI_MODES, overheadOf } from '../../../src/spec/cni.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';

const SHAPE = { hosts: 3 };

describe('drivers of cluster networks', () => {
  it('are one for each way of installing, each found by its id', () => {
    expect(drivers.map(({ id }) => id)).toEqual([...DRIVER_IDS]);
    for (const id of DRIVER_IDS) expect(driverOf(id).id).toBe(id);
  });

  it('have exactly the modes of the spec, with the same default and the same overhead', () => {
    for (const cni of CNI_NAMES)
      for (const { encapsulations } of driversOf(cni)) {
        expect(encapsulations.map(({ mode }) => mode)).toEqual([...CNI_MODES[cni]]);
        for (const { mode, overhead } of encapsulations) {
          const { network } = clusterOf(SHAPE, { network: { cni: { name: cni, mode } } }).spec;
          expect(overheadOf(network)).toBe(overhead);
        }
      }
  });

  it('are what the table of verdicts judges', () => {
    const options = CNI_NAMES.flatMap((cni) =>
      (driversOf(cni)[0]?.encapsulations ?? []).map(({ mode }) => `${cni}-${mode}`),
    );
    expect(options.sort()).toEqual([...NETWORK_OPTIONS].sort());
  });

  it('know the device of each encapsulation among what is left', () => {
    for (const { encapsulations, residue } of drivers)
      for (const { device, mode } of encapsulations) {
        if (device === undefined) continue;
        const sign = residue.find(({ kind, name }) => kind === 'link' && name.test(device));
        expect(sign?.modes).toEqual([mode]);
      }
  });

  it('bring every documented trap of health with what it hides', () => {
    for (const { health } of drivers)
      for (const { says, hides } of health) expect(hides.length).toBeGreaterThan(says.length);
  });
});
