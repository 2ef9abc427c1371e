import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, once, seconds, type Timed } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

/**
 * What `drover lab build` costs: the lab's engine (with Kubernetes, etcd and Flannel) and CoreDNS with nothing compiled
 * before, on two cores, and a build that finds everything. Modules are downloaded before, in whatever time that takes.
 */
const MAIN = 'dist/cli/main.js';
const WARM_ROUNDS = 9;
const COLD_LIMIT_MS = 600_000;
/** Longer says nothing more than that the promise is missed; Drover ends the compilers when it is interrupted. */
const GIVE_UP_SECONDS = 1500;

const folder = mkdtempSync(join(tmpdir(), 'drover-bench-compile-'));
const env = { GOCACHE: join(folder, 'go'), XDG_CACHE_HOME: join(folder, 'cache') };
const cold = (name: string): Timed => ({
  command: [
    'timeout',
    '--signal=INT',
    String(GIVE_UP_SECONDS),
    'taskset',
    '-c',
    '0,1',
    process.execPath,
    MAIN,
    'lab',
    'build',
    '--only',
    name,
    '-q',
  ],
  env,
});

try {
  const [engine, coredns] = [once(cold('k3s')), once(cold('coredns'))];
  const [warm = Number.NaN] = alternate(WARM_ROUNDS, [
    { command: [process.execPath, MAIN, 'lab', 'build', '--only', 'k3s', '--only', 'coredns', '-q'], env },
  ]);
  const about = [
    judge('engine, CoreDNS and Flannel cold on 2 cores within 10 min', engine + coredns <= COLD_LIMIT_MS),
    judge('with everything there in less than 1 s', warm < 1000),
  ].join('; ');
  writeSection('compile', about, [
    ['`drover lab build`', 'time'],
    ['engine with Kubernetes, etcd and Flannel, cold, 2 cores', seconds(engine)],
    ['CoreDNS and its image after that, 2 cores', seconds(coredns)],
    ['both again, nothing to do', seconds(warm)],
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
