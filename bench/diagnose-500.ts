/**
 * Diagnoses a saved facts file of 500 hosts with every kind of trouble in it. The physical limit to compare with
 * is `JSON.parse` of the same text: no diagnosis can start before the file is read.
 *
 * Target: under 2 s and under 500 MB of memory, validation included.
 */
import { performance } from 'node:perf_hooks';
import { diagnose } from '../src/diagnosis/diagnose.js';
import { type FactsFile, factsFileSchema } from '../src/facts/model/facts-file.js';
import { clusterOf } from '../test/diagnosis/fixtures/cluster.js';
import { cells, set } from '../test/diagnosis/fixtures/edit.js';
import { healthyFacts } from '../test/diagnosis/fixtures/healthy.js';
import { median } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

const HOSTS = 500;
const SHAPE = { hosts: HOSTS, servers: 5 };
const ROUNDS = 5;

/** Ports lost everywhere, to some, and one way; a partition; and trouble on every second host. */
const troubled = (): FactsFile => {
  const facts = healthyFacts(SHAPE);
  const part = new Set(facts.hosts.slice(0, 20).map(({ name }) => name));
  const across = (from: string, to: string): boolean => part.has(from) !== part.has(to);
  cells('udp/8472', '-')(facts);
  cells('vxlan/8472', '-')(facts);
  cells('udp/4789', 'n', (_, to) => to.endsWith('7'))(facts);
  cells('protocol/4', 'w')(facts);
  for (const id of ['icmp', 'tcp/22', 'udp/45813', 'tcp/6443', 'tcp/10250']) cells(id, '-', across)(facts);
  facts.hosts.forEach(({ name }, index) => {
    if (index % 2 === 0)
      set(name, 'swap', { totalKiB: 1024, active: [], fstab: ['/swap none swap sw 0 0'] })(facts);
    if (index % 3 === 0) set(name, 'sysctls', { 'net.ipv4.conf.all.rp_filter': '1' })(facts);
    if (index % 5 === 0) set(name, 'identity', { machineId: `clone${index % 25}` })(facts);
  });
  return facts;
};

const timed = <T>(work: () => T): { readonly ms: number; readonly value: T } => {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
};

const round = (text: string) => {
  const parsed = timed((): unknown => JSON.parse(text));
  const checked = timed(() => factsFileSchema.parse(parsed.value));
  const answer = timed(() => diagnose({ facts: checked.value, cluster: clusterOf(SHAPE) }));
  if (!answer.value.ok) throw new Error('the codes are known');
  return {
    parse: parsed.ms,
    check: checked.ms,
    diagnose: answer.ms,
    findings: answer.value.value.findings.length,
  };
};

const text = JSON.stringify(troubled());
const first = round(text);
const rounds = [first, ...Array.from({ length: ROUNDS - 1 }, () => round(text))];
const of = (pick: (one: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
const cold = first.parse + first.check + first.diagnose;
const peakMiB = process.resourceUsage().maxRSS / 1024;

const parse = of((one) => one.parse);
const row = (what: string, ms: number): readonly string[] => [
  what,
  `${Math.round(ms)} ms`,
  `${(ms / parse).toFixed(1)} ×`,
];

writeSection(
  'diagnose-500',
  [
    judge(`${HOSTS} hosts read and diagnosed by a fresh process in less than 2 s`, cold < 2000),
    judge(`with less than 500 MB (${Math.round(peakMiB)} MiB)`, peakMiB < 500e6 / 1024 ** 2),
    `${(text.length / 1024 ** 2).toFixed(1)} MiB of facts, ${first.findings} findings`,
  ].join('; '),
  [
    ['step', 'time', 'relative to `JSON.parse`'],
    row('`JSON.parse` of the file, the least that any reader needs', parse),
    row(
      'check against the schema',
      of(({ check }) => check),
    ),
    row(
      'all rules and verdicts',
      of(({ diagnose: ms }) => ms),
    ),
    row('all three, first run of the process', cold),
  ],
);
