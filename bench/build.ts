import { execFileSync } from 'node:child_process';
import { installAnsible } from './lib/ansible.js';
import { droverPath, enginePath } from './lib/critical-path.js';
import { type BenchLab, DROVER, makeLab } from './lib/lab.js';
import { alternate, once, seconds, type Timed } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';
import { prepareCommand } from './lib/prepare-playbook.js';
import { shellBuild } from './lib/shell-build.js';

/** Building a cluster, against a script and against the engine alone; and finding that there is nothing to build. */
const SMALL = 5;
const LARGE = 8;
const SERVERS = 3;
const ROUNDS = 3;

const apply = ({ name, spec }: BenchLab): Timed => ({
  command: [...DROVER, 'apply', '--lab', name, '-f', spec, '--yes', '-q'],
});

const verify = ({ name, spec }: BenchLab): Timed => ({
  command: [...DROVER, 'verify', '--lab', name, '-f', spec, '-q'],
});

const withLab = <T>(prefix: string, count: number, use: (lab: BenchLab) => T): T => {
  const { lab, remove } = makeLab(prefix, count);
  try {
    return use(lab);
  } finally {
    remove();
  }
};

/** What `drover lab build` makes, from its table: name or reference first, path last. */
const artifacts = (): { readonly binary: string; readonly images: readonly string[] } => {
  const [program, ...words] = [...DROVER, 'lab', 'build', '-q'];
  const rows = execFileSync(program, words, { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((line) => ({ name: line.split(' ')[0] ?? '', path: line.split(' ').at(-1) ?? '' }));
  const binary = rows.find(({ name }) => name === 'k3s')?.path;
  if (binary === undefined) throw new Error('the lab has no K3s');
  return { binary, images: rows.filter(({ name }) => name.includes('/')).map(({ path }) => path) };
};

const measureBuild = (): void => {
  const shared = artifacts();
  const drover = withLab('bench-build', SMALL, (lab) => {
    const whole = once(apply(lab));
    const span = droverPath(lab);
    const proof = once(verify(lab));
    return { whole, span, proof, engine: enginePath(lab) };
  });
  const script = withLab('bench-script', SMALL, (lab) => shellBuild(lab, { ...shared, servers: SERVERS }));
  const { whole, span, proof, engine } = drover;
  const promises = [
    judge('joining at most 1.3 × the engine alone', span / engine <= 1.3),
    judge('verifying 5 nodes in less than 20 s', proof < 20_000),
  ];
  const about = `One run each on fresh hosts. ${promises.join('; ')}`;
  writeSection('build', about, [
    ['3 servers + 2 agents', 'time', 'relative to Drover'],
    ['`drover apply`: measured, planned, prepared, built, proven', seconds(whole), '1.0 ×'],
    ['`drover verify`: every check again', seconds(proof), `${(proof / whole).toFixed(2)} ×`],
    [
      'a sequential shell script over ssh: no checks, no plan, no journal',
      seconds(script),
      `${(script / whole).toFixed(1)} ×`,
    ],
    [
      'of `drover apply`: first server started → last agent Ready',
      seconds(span),
      `${(span / whole).toFixed(2)} ×`,
    ],
    [
      'the engine alone: first server, two servers, one agent, in sequence',
      seconds(engine),
      `${(engine / whole).toFixed(2)} ×; the line above is ${(span / engine).toFixed(2)} × this`,
    ],
  ]);
};

const measureNothing = (): void =>
  withLab('bench-noop', LARGE, (lab) => {
    const ansible = installAnsible();
    once(apply(lab));
    once(prepareCommand(ansible, lab));
    const [noop = 0, playbook = 0] = alternate(ROUNDS, [apply(lab), prepareCommand(ansible, lab)]);
    const about = [
      judge('no-op apply on 8 hosts in less than 5 s', noop < 5000),
      judge('at least 5 × faster than the playbook', playbook / noop >= 5),
    ].join('; ');
    writeSection('noop', about, [
      ['8 hosts that are as they should be', 'median', 'relative to Drover'],
      ['`drover apply`: everything measured, "no changes"', seconds(noop), '1.0 ×'],
      [
        'ansible playbook of the host preparation alone, second run, 8 forks, pipelining',
        seconds(playbook),
        `${(playbook / noop).toFixed(1)} ×`,
      ],
    ]);
  });

const asked = process.argv[2];
if (asked !== 'noop') measureBuild();
if (asked !== 'build') measureNothing();
