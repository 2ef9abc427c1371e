import { installAnsible, setupCommand } from './lib/ansible.js';
import { type BenchLab, DROVER, withLab } from './lib/lab.js';
import { alternate, seconds, type Timed } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

/** The doctor on lab hosts: the whole of it, its facts against ansible's, and its growth with the number of hosts. */
const ROUNDS = 5;
const GROWTH = [4, 8, 16, 32] as const;

const doctor = ({ name, spec }: BenchLab, ...flags: readonly string[]): Timed => ({
  command: [...DROVER, 'doctor', '--lab', name, '-f', spec, '-o', 'json', '-q', ...flags],
  // Findings are an answer, not a failure.
  ends: [0, 11],
});

interface Growth {
  readonly hosts: number;
  readonly facts: number;
  readonly full: number;
}

const measureGrowth = (hosts: number): Growth =>
  withLab(hosts, (lab) => {
    const [facts = 0, full = 0] = alternate(ROUNDS, [doctor(lab, '--passive'), doctor(lab)]);
    return { hosts, facts, full };
  });

const againstAnsible = (): void =>
  withLab(8, (lab) => {
    const ansible = installAnsible();
    const [facts = 0, full = 0, plain = 0, tuned = 0] = alternate(ROUNDS, [
      doctor(lab, '--passive'),
      doctor(lab),
      setupCommand(ansible, lab),
      setupCommand(ansible, lab, { pipelining: true, forks: lab.hosts.length }),
    ]);
    const about = [
      judge('full doctor on 8 hosts in less than 10 s', full < 10_000),
      judge('facts at least 5 × faster than `ansible -m setup` as it comes', plain / facts >= 5),
    ].join('; ');
    writeSection('doctor', about, [
      ['8 lab hosts', 'median', 'relative to facts'],
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
  writeSection('growth', 'The doctor with more hosts; pairs grow with the square of hosts.', [
    ['hosts', 'pairs', 'facts', 'per host', 'full doctor', 'per host', 'against 4 hosts'],
    ...all.map(({ hosts, facts, full }) => [
      String(hosts),
      String(hosts * (hosts - 1)),
      seconds(facts),
      `${Math.round(facts / hosts)} ms`,
      seconds(full),
      `${Math.round(full / hosts)} ms`,
      `${(full / (least?.full ?? full)).toFixed(1)} ×`,
    ]),
  ]);
};

againstAnsible();
growth();
