import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/events/finding.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { DoctorReport } from '../../src/diagnosis/report.js';
import { doctorReportSchema } from '../../src/diagnosis/report.js';
import { rules } from '../../src/diagnosis/rules/index.js';
import { factsFileSchema } from '../../src/facts/model/facts-file.js';
import { clusterOf } from './fixtures/cluster.js';
import { healthyFacts } from './fixtures/healthy.js';
import { type Mutation, mutations } from './fixtures/mutations.js';

const SHAPE = { hosts: 5, servers: 3 };

const mutated = ({ edits, routed = false }: Mutation) => {
  const facts = healthyFacts({ ...SHAPE, routed });
  for (const edit of edits) edit(facts);
  return facts;
};

const reportOf = (mutation: Mutation): DoctorReport => {
  const cluster = mutation.bare === true ? undefined : clusterOf(SHAPE, mutation.spec);
  const result = diagnose({ facts: mutated(mutation), cluster });
  if (!result.ok) throw new Error(result.error[0].message);
  return result.value;
};

const codes = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ code }) => code))].sort();

describe('every rule', () => {
  it('has exactly one fault that shows it', () => {
    expect(Object.keys(mutations).sort()).toEqual(rules.map(({ code }) => code).sort());
  });

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s explains itself', (_, rule) => {
    expect(rule.explain.length).toBeGreaterThan(80);
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it.each(Object.entries(mutations))('%s is found, and nothing else', (code, mutation) => {
    const { findings } = reportOf(mutation);
    expect(codes(findings)).toEqual([code, ...(mutation.also ?? [])].sort());
    const severity = mutation.severity ?? rules.find((rule) => rule.code === code)?.severity;
    expect(findings.filter((finding) => finding.code === code).map((finding) => finding.severity)).toContain(
      severity,
    );
  });

  it.each(Object.entries(mutations))(
    '%s starts from a facts file that is valid, and reports validly',
    (_, mutation) => {
      expect(factsFileSchema.safeParse(mutated(mutation)).error).toBeUndefined();
      expect(doctorReportSchema.safeParse(reportOf(mutation)).error).toBeUndefined();
    },
  );

  it.each(Object.entries(mutations))('%s names hosts and facts that exist', (code, mutation) => {
    const facts = mutated(mutation);
    const known = new Set(facts.hosts.map(({ name }) => name));
    for (const finding of reportOf(mutation).findings.filter((one) => one.code === code)) {
      expect(finding.hosts.filter((host) => !known.has(host))).toEqual([]);
      expect(finding.evidence.length).toBeGreaterThan(0);
      for (const { fact } of finding.evidence) expect(factExists(facts, fact), fact).toBe(true);
    }
  });
});

/** Evidence names a host and collector, a probe or a network that the file really holds. */
const factExists = (facts: ReturnType<typeof healthyFacts>, fact: string): boolean => {
  const probe = /^probes\.(.*)$/.exec(fact);
  if (probe !== null) return facts.probes.some(({ id }) => id === probe[1]);
  if (fact.startsWith('networks.'))
    return facts.networks.some(({ cidr }) => fact.startsWith(`networks.${cidr}`));
  const service = /^services\.(.*)$/.exec(fact)?.[1];
  if (service !== undefined) return facts.services?.some((sight) => sight.service === service) === true;
  const told = /^kubernetes\.(\w+)$/.exec(fact)?.[1];
  if (told !== undefined) return told in (facts.kubernetes ?? {});
  const [, host, part] = /^hosts\.([^.]+)\.(\w+)/.exec(fact) ?? [];
  const found = facts.hosts.find(({ name }) => name === host);
  return found !== undefined && (part === 'contact' || part === 'role' || (part ?? '') in found.sections);
};

describe('healthy machines', () => {
  it.each([
    ['switched', false],
    ['routed', true],
  ])('on a %s network yield no finding at all', (_, routed) => {
    expect(reportOf({ edits: [], routed }).findings).toEqual([]);
    expect(reportOf({ edits: [], routed, bare: true }).findings).toEqual([]);
  });

  it('as containers of a lab yield no finding either', () => {
    const facts = healthyFacts(SHAPE);
    facts.realm = 'lab/demo';
    for (const host of facts.hosts) {
      const { os, cgroups, swap, clock, kernel, limits } = host.sections;
      if (!os?.value || !cgroups?.value || !swap?.value || !clock?.value || !kernel?.value || !limits?.value)
        throw new Error('incomplete');
      Object.assign(os.value, { sharedKernel: true, virtualization: 'systemd-nspawn' });
      Object.assign(cgroups.value, { version: 'hybrid' });
      Object.assign(swap.value, { totalKiB: 8_000_000 });
      Object.assign(clock.value, { synchronized: false, services: [] });
      Object.assign(limits.value, { nofileHard: 20_000 });
      Object.assign(kernel.value.features, { ipip: 'absent', wireguard: 'absent', ip_vs: 'absent' });
      kernel.value.messages.push({ kind: 'oom', text: 'Out of memory: Killed process 1' });
    }
    const result = diagnose({ facts, cluster: clusterOf(SHAPE) });
    expect(result.ok && result.value.findings).toEqual([]);
  });
});
