import { describe, expect, it } from 'vitest';
import { findingCatalogue } from '../../src/diagnosis/catalogue.js';
import { diagnose, type Question } from '../../src/diagnosis/diagnose.js';
import type { DoctorReport } from '../../src/diagnosis/report.js';
import { rules } from '../../src/diagnosis/rules/index.js';
import { clusterOf } from './fixtures/cluster.js';
import { between, cells, contact, type Edit, set, to, W1, W2 } from './fixtures/edit.js';
import { healthyFacts } from './fixtures/healthy.js';

const SHAPE = { hosts: 5, servers: 3 };

const ask = (edits: readonly Edit[], question: Partial<Question> = {}): DoctorReport => {
  const facts = healthyFacts(SHAPE);
  for (const edit of edits) edit(facts);
  const result = diagnose({ facts, cluster: clusterOf(SHAPE), ...question });
  if (!result.ok) throw new Error(result.error[0].message);
  return result.value;
};

const dropsVxlan = (host: string): Edit =>
  set(host, 'firewall', {
    drops: [
      {
        backend: 'nft',
        table: 'inet filter',
        chain: 'input',
        protocol: 'udp',
        port: 8472,
        text: 'udp dport 8472 drop',
      },
    ],
  });

const line = ({ code, under }: { code: string; under?: string | undefined }): string =>
  under === undefined ? code : `${under} > ${code}`;

describe('diagnose', () => {
  it('hangs symptoms under their cause and puts the cause first', () => {
    const { findings } = ask([
      dropsVxlan(W1),
      cells('udp/8472', 'n', to(W1)),
      set(W2, 'swap', { fstab: ['/swap'] }),
    ]);
    expect(findings.map(line)).toEqual([
      'firewall-drops-port',
      'firewall-drops-port > udp-blocked-by-host',
      'udp-blocked-by-host > claim-8472-blocked',
      'udp-blocked-by-host > claim-cilium-avoids-vxlan',
      'swap-at-boot',
    ]);
    expect(findings[1]?.title).toBe(
      'UDP 8472 (VXLAN of Flannel and Cilium) does not reach k3s-worker-01 from 4 hosts; the way back passes',
    );
  });

  it('does not hang what a cause explains only in part', () => {
    const { findings } = ask([
      dropsVxlan(W1),
      cells('udp/8472', 'n', (_, receiver) => receiver === W1 || receiver === W2),
    ]);
    expect(findings.find(({ code }) => code === 'udp-blocked-by-host')?.under).toBeUndefined();
  });

  it('hangs what several causes explain together', () => {
    const { findings } = ask([
      dropsVxlan(W1),
      set(W2, 'firewall', { ufw: { installed: true, active: true, defaultInput: 'deny', rules: [] } }),
      cells('udp/8472', 'n', (_, receiver) => receiver === W1 || receiver === W2),
    ]);
    expect(findings.find(({ code }) => code === 'udp-blocked-by-host')?.under).toBeDefined();
  });

  it('names one partition and none of the ports that are lost with it', () => {
    const ids = [
      'icmp',
      'tcp/22',
      'tcp/6443',
      'tcp/10250',
      'udp/8472',
      'udp/4789',
      'udp/45813',
      'vxlan/8472',
      'protocol/4',
    ];
    const { findings } = ask(ids.map((id) => cells(id, '-', between(W1, W2))));
    expect(findings.map(({ title }) => title)).toEqual([
      'Everything (echo, TCP and UDP) is lost between k3s-worker-01 and k3s-worker-02, both ways',
    ]);
  });

  it('records what the user ignores, and counts without it', () => {
    const report = ask([set(W1, 'swap', { totalKiB: 9, active: [] }), contact(W2, 'refused')], {
      ignore: ['swap-on'],
    });
    expect(report.ignored).toEqual([{ code: 'swap-on', findings: 1 }]);
    expect(report.findings.map(({ code }) => code)).toEqual(['contact-refused']);
    expect(report.counts).toEqual({ errors: 1, warnings: 0, infos: 0 });
    expect(report.unreachable).toEqual([W2]);
  });

  it('runs only what is asked for', () => {
    const report = ask([set(W1, 'swap', { totalKiB: 9, active: [] }), contact(W2, 'refused')], {
      only: ['swap-on'],
    });
    expect(report.findings.map(({ code }) => code)).toEqual(['swap-on']);
  });

  it('refuses unknown codes, all at once, with the nearest', () => {
    const result = diagnose({ facts: healthyFacts(SHAPE), ignore: ['swap-onn'], only: ['zzzz'] });
    expect(result.ok ? [] : result.error.map(({ message, hint }) => `${message}; ${hint ?? ''}`)).toEqual([
      'no finding has the code "swap-onn"; did you mean swap-on?',
      'no finding has the code "zzzz"; drover explain lists all codes',
    ]);
  });

  it('stays silent about a collector that failed, and says so', () => {
    const report = ask([
      (facts) => {
        const host = facts.hosts.find(({ name }) => name === W1);
        if (host !== undefined)
          host.sections = { ...host.sections, swap: { at: facts.at, error: 'permission denied' } };
      },
    ]);
    expect(report.findings).toEqual([]);
    expect(report.notMeasured).toEqual([`swap on ${W1}: permission denied`]);
  });
});

describe('the rules', () => {
  it('cause each other without a cycle', () => {
    const causes = new Map(rules.map((rule) => [rule.code, rule.causes ?? []]));
    const visit = (code: string, path: readonly string[]): void => {
      expect(path, [...path, code].join(' > ')).not.toContain(code);
      for (const next of causes.get(code) ?? []) visit(next, [...path, code]);
    };
    for (const { code } of rules) visit(code, []);
  });

  it('name only symptoms that exist', () => {
    for (const { causes = [] } of rules)
      for (const code of causes) expect(Object.keys(findingCatalogue)).toContain(code);
  });

  it('stand in the list by code, each once', () => {
    const codes = rules.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
  });
});
