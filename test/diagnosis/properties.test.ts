import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { doctorReportSchema } from '../../src/diagnosis/report.js';
import type { FactsFile } from '../../src/facts/model/facts-file.js';
import { factsFileSchema } from '../../src/facts/model/facts-file.js';
import { clusterOf } from './fixtures/cluster.js';
import { healthyFacts } from './fixtures/healthy.js';
import { mutations } from './fixtures/mutations.js';

const SHAPE = { hosts: 5, servers: 3 };
const CELLS = ['+', '-', 'n', 's', 'r', 'c', 'w', '?'] as const;

const damage = fc.record({
  codes: fc.subarray(Object.keys(mutations), { maxLength: 6 }),
  routed: fc.boolean(),
  bare: fc.boolean(),
  /** Sections to drop or to fail, as [host, section] indexes. */
  dropped: fc.array(fc.tuple(fc.nat(4), fc.nat(40), fc.boolean()), { maxLength: 12 }),
  probesDropped: fc.array(fc.nat(30), { maxLength: 8 }),
  noise: fc.array(fc.tuple(fc.nat(30), fc.nat(4), fc.nat(4), fc.constantFrom(...CELLS)), { maxLength: 40 }),
  networksDropped: fc.boolean(),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const applyFaults = (facts: FactsFile, codes: readonly string[]): void => {
  for (const code of codes) {
    try {
      for (const edit of mutations[code]?.edits ?? []) edit(facts);
    } catch {
      // Edits of several faults may contradict each other: a host that is gone has no sections to change.
    }
  }
};

const loseSections = (facts: FactsFile, dropped: Damage['dropped']): void => {
  for (const [host, section, failed] of dropped) {
    const own = facts.hosts[host];
    const ids = Object.keys(own?.sections ?? {});
    const id = ids[section % Math.max(1, ids.length)];
    if (own !== undefined && id !== undefined)
      own.sections = { ...own.sections, [id]: failed ? { at: facts.at, error: 'broken' } : undefined };
  }
};

const addNoise = (facts: FactsFile, noise: Damage['noise']): void => {
  for (const [probe, i, j, cell] of noise) {
    const matrix = facts.probes[probe];
    const row = matrix?.rows[i];
    if (matrix !== undefined && row !== undefined && i !== j)
      matrix.rows[i] = row.slice(0, j) + cell + row.slice(j + 1);
  }
};

const damaged = (plan: Damage): FactsFile => {
  const facts = healthyFacts({ ...SHAPE, routed: plan.routed });
  applyFaults(facts, plan.codes);
  loseSections(facts, plan.dropped);
  addNoise(facts, plan.noise);
  facts.probes = facts.probes.filter((_, index) => !plan.probesDropped.includes(index));
  if (plan.networksDropped) facts.networks = [];
  return facts;
};

/** The same facts with hosts and matrices in another order. */
const reversed = (facts: FactsFile): FactsFile => ({
  ...facts,
  hosts: [...facts.hosts].reverse(),
  probes: facts.probes.map((matrix) => {
    const last = matrix.hosts.length - 1;
    return {
      ...matrix,
      hosts: [...matrix.hosts].reverse(),
      rows: [...matrix.rows].reverse().map((row) => Array.from(row).reverse().join('')),
      notes: matrix.notes.map(([i, j, text]) => [last - i, last - j, text]),
      ...(matrix.values === undefined
        ? {}
        : {
            values: {
              ...matrix.values,
              except: matrix.values.except.map(([i, j, value]): [number, number, number] => [
                last - i,
                last - j,
                value,
              ]),
            },
          }),
    };
  }),
});

const report = (facts: FactsFile, bare: boolean) => {
  const result = diagnose({ facts, cluster: bare ? undefined : clusterOf(SHAPE) });
  if (!result.ok) throw new Error('codes are known');
  return result.value;
};

describe('diagnose on any facts', () => {
  it('never throws, and reports in the published shape', () => {
    fc.assert(
      fc.property(damage, (plan) => {
        const facts = damaged(plan);
        fc.pre(factsFileSchema.safeParse(facts).success);
        expect(doctorReportSchema.safeParse(report(facts, plan.bare)).error).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same answer twice, and for hosts in any order', () => {
    fc.assert(
      fc.property(damage, (plan) => {
        const facts = damaged(plan);
        const answer = report(facts, plan.bare);
        expect(report(structuredClone(facts), plan.bare)).toEqual(answer);
        expect(report(reversed(facts), plan.bare)).toEqual(answer);
      }),
      { numRuns: 200 },
    );
  });

  it('changes nothing in the facts', () => {
    fc.assert(
      fc.property(damage, (plan) => {
        const facts = damaged(plan);
        const before = structuredClone(facts);
        report(facts, plan.bare);
        expect(facts).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it('says nothing about single hosts of which nothing is known', () => {
    const facts = healthyFacts(SHAPE);
    for (const host of facts.hosts) host.sections = {};
    facts.probes = [];
    facts.networks = [];
    expect(report(facts, true).findings).toEqual([]);
    expect(report(facts, true).verdicts.map(({ status }) => status)).toEqual(new Array(8).fill('unknown'));
  });
});
