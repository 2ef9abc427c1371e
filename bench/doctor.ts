import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FactsFile } from '../src/facts/model/facts-file.js';
import { installAnsible, setupCommand } from './lib/ansible.js';
import { type BenchLab, DROVER, withLab } from './lib/lab.js';
import { alternate, once, seconds, type Timed } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

/** The doctor on lab hosts: the whole of it, its facts against ansible's, and its growth with the number of hosts. */
const ROUNDS = 5;
const GROWTH = [4, 8, 16, 32] as const;

/** Started inside the lab's network, as ansible is: on real hosts there is no second process that leads there either. */
const doctor = ({ name, spec, netns }: BenchLab, ...flags: readonly string[]): Timed => ({
  command: ['nsenter', `--net=${netns}`, '--', ...DROVER, 'doctor', '-f', spec, '-o', 'json', '-q', ...flags],
  env: { DROVER_REALM: `lab/${name}` },
  // Findings are an answer, not a failure.
  ends: [0, 11],
});

/** The floor of every tool that logs in by ssh: the doctor's own way to the hosts, with nothing to do there. */
const logins = ({ name, hosts, netns }: BenchLab): Timed => ({
  command: [
    'nsenter',
    `--net=${netns}`,
    '--',
    process.execPath,
    '.bench/bench/lib/logins.main.js',
    name,
    ...hosts,
  ],
});

interface Growth {
  readonly hosts: number;
  readonly facts: number;
  readonly full: number;
  /** Echoes between hosts that were lost. */
  readonly lost: number;
}

/**
 * All hosts of a lab share one kernel and its one neighbour table (gc_thresh3, mostly 1024 entries): with 32 hosts it
 * overflows and packets are lost. Real hosts have a table each.
 */
const lostEchoes = (lab: BenchLab): number => {
  const file = join(dirname(lab.spec), 'facts.json');
  once(doctor(lab, '--save', file));
  const { probes } = JSON.parse(readFileSync(file, 'utf8')) as FactsFile;
  const cells = probes.filter(({ kind }) => kind === 'icmp').flatMap(({ rows }) => rows.join('').split(''));
  return cells.filter((cell) => cell !== '+' && cell !== '.').length;
};

const measureGrowth = (hosts: number): Growth =>
  withLab(hosts, (lab) => {
    const [facts = 0, full = 0] = alternate(ROUNDS, [doctor(lab, '--passive'), doctor(lab)]);
    return { hosts, facts, full, lost: lostEchoes(lab) };
  });

const againstAnsible = (): void =>
  withLab(8, (lab) => {
    const ansible = installAnsible();
    const [floor = 0, facts = 0, full = 0, plain = 0, tuned = 0] = alternate(ROUNDS, [
      logins(lab),
      doctor(lab, '--passive'),
      doctor(lab),
      setupCommand(ansible, lab),
      setupCommand(ansible, lab, { pipelining: true, forks: lab.hosts.length }),
    ]);
    const about = [
      judge('full doctor on 8 hosts in less than 10 s', full < 10_000),
      judge('facts at least 5 × faster than `ansible -m setup` as it comes', plain / facts >= 5),
      `5 × would be ${seconds(plain / 5)}; starting node and logging in to the 8 hosts to run \`true\` takes ${seconds(floor)} in the same run, because all hosts share this machine's cores`,
    ].join('; ');
    writeSection('doctor', about, [
      ['8 lab hosts', 'median', 'relative to facts'],
      [
        '`true` on every host, by the doctor’s transport: the floor',
        seconds(floor),
        `${(floor / facts).toFixed(2)} ×`,
      ],
      ['`drover doctor --passive` (facts)', seconds(facts), '1.0 ×'],
      ['`drover doctor` (facts, probes of 56 pairs, rules)', seconds(full), `${(full / facts).toFixed(1)} ×`],
      [
        '`ansible -m setup` as it comes: 5 forks, no pipelining',
        seconds(plain),
        `${(plain / facts).toFixed(1)} ×`,
      ],
      ['`ansible -m setup`, 8 forks, pipelining', seconds(tuned), `${(tuned / facts).toFixed(1)} ×`],
    ]);
  });

const growth = (): void => {
  const all = GROWTH.map(measureGrowth);
  const [least] = all;
  const about =
    'The doctor with more hosts; pairs grow with the square of hosts. Hosts of a lab share one kernel and its one neighbour table: where echoes are lost, it overflowed, and the doctor asked again and again.';
  writeSection('growth', about, [
    ['hosts', 'pairs', 'facts', 'per host', 'full doctor', 'per host', 'against 4 hosts', 'echoes lost'],
    ...all.map(({ hosts, facts, full, lost }) => [
      String(hosts),
      String(hosts * (hosts - 1)),
      seconds(facts),
      `${Math.round(facts / hosts)} ms`,
      seconds(full),
      `${Math.round(full / hosts)} ms`,
      `${(full / (least?.full ?? full)).toFixed(1)} ×`,
      String(lost),
    ]),
  ]);
};

againstAnsible();
growth();
