import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectKube } from '../src/app/lab/connect-kube.js';
import type { DroverEvent } from '../src/core/events/event.js';
import { labPaths } from '../src/lab/paths.js';
import { checkNetwork } from '../src/verify/network.js';
import { removeProbes } from '../src/verify/probes.js';
import { type BenchLab, makeLab, run } from './lib/lab.js';
import { seconds } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

/** The lab: from hosts that answer ssh to a cluster whose nodes are Ready, and back to a saved state. */
const SMALL = 5;
const LARGE = 8;
const SNAPSHOT = 'bench';
const LIMITS = { small: 20_000, large: 30_000, reset: 45_000 } as const;

interface Stations {
  readonly ssh: number;
  readonly ready: number;
}

const stationsOf = (log: string): Stations => {
  const events = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DroverEvent);
  const lasted = (phase: string): number => {
    const done = events.find((event) => event.type === 'phase-done' && event.phase === phase);
    if (done?.type !== 'phase-done') throw new Error(`${phase} did not end`);
    return done.durationMs;
  };
  return { ssh: lasted('lab-boot'), ready: lasted('lab-cluster') };
};

/** Fails unless pods of all pairs of nodes reach each other. */
const provePods = async ({ name }: BenchLab, nodes: readonly string[]): Promise<void> => {
  const kube = await connectKube(readFileSync(labPaths(process.env, name).kubeconfig, 'utf8'));
  const images = JSON.parse(readFileSync('lab/engine/images.json', 'utf8')) as Record<string, string>;
  const namespace = `bench-${process.pid}`;
  const expires = new Date(Date.now() + 600_000).toISOString();
  const results = await checkNetwork({
    kube,
    nodes,
    names: { namespace, image: images['busybox'] ?? '', expires },
    dnsNames: ['kubernetes.default.svc.cluster.local'],
    limitMs: 60_000,
    signal: new AbortController().signal,
  });
  await removeProbes(kube, namespace);
  kube.close();
  const pairs = results.filter(({ check, status }) => check === 'pod-to-pod' && status === 'pass').length;
  const [bad] = results.filter(({ status }) => status === 'fail');
  if (bad !== undefined || pairs !== nodes.length ** 2)
    throw new Error(`pods do not reach each other: ${bad?.detail ?? `${pairs} pairs`}`);
};

const measureReset = async (lab: BenchLab): Promise<number> => {
  run(['lab', 'snapshot', SNAPSHOT, '-q', '--lab', lab.name]);
  const begin = performance.now();
  run(['lab', 'reset', SNAPSHOT, '-q', '--lab', lab.name]);
  await provePods(
    lab,
    lab.hosts.map((_, at) => `${at < 3 ? 'server' : 'agent'}-${at + 1}`),
  );
  return performance.now() - begin;
};

const withCluster = async <T>(
  count: number,
  use: (lab: BenchLab, stations: Stations) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-log-'));
  const log = join(folder, 'events');
  const { lab, remove } = makeLab('bench-cluster', count, '--cluster', '--timeout', '120', '--log-file', log);
  try {
    return await use(lab, stationsOf(log));
  } finally {
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
};

// The first `lab up` may have to compile; what is measured begins when the hosts run.
const small = await withCluster(SMALL, async (lab, stations) => ({
  ...stations,
  reset: await measureReset(lab),
}));
const large = await withCluster(LARGE, (_, stations) => Promise.resolve(stations));

writeSection(
  'lab',
  [
    judge('3 servers and 2 agents Ready within 20 s', small.ready <= LIMITS.small),
    judge('3 servers and 5 agents within 30 s', large.ready <= LIMITS.large),
    judge('reset with the whole network proved within 45 s', small.reset <= LIMITS.reset),
  ].join('; '),
  [
    ['one run each', 'time', 'relative to 3 + 2 Ready'],
    ['`lab up`: 5 hosts answer ssh', seconds(small.ssh), `${(small.ssh / small.ready).toFixed(2)} ×`],
    ['ssh → 3 servers + 2 agents Ready', seconds(small.ready), '1.00 ×'],
    ['ssh → 3 servers + 5 agents Ready', seconds(large.ready), `${(large.ready / small.ready).toFixed(2)} ×`],
    [
      '`lab reset SNAPSHOT` → 5 Ready with new leases, all pairs of pods proved',
      seconds(small.reset),
      `${(small.reset / small.ready).toFixed(2)} ×`,
    ],
  ],
);
