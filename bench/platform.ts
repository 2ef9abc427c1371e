/**
 * Charts and applications of the example, on a lab of its eight hosts: applied and proven by Drover, against
 * `helm upgrade --install --wait`, one after another, of charts with the same objects. Both get a cluster that has none of it.
 *
 * Then 5,000 objects judged by every rule of the policy.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labApps } from '../src/app/cluster/apps/app-sets.js';
import { wantedSets } from '../src/app/cluster/wanted-sets.js';
import { connectKube } from '../src/app/lab/connect-kube.js';
import { sha256 } from '../src/core/canonical.js';
import type { Kube } from '../src/core/ports/kube.js';
import { ok } from '../src/core/result.js';
import { collectCluster } from '../src/facts/cluster/collect-cluster.js';
import type { WantedSet } from '../src/plan/set-stage.js';
import { loadCluster } from '../src/spec/load-cluster.js';
import { systemClock } from '../src/system/clock.js';
import { systemFiles } from '../src/system/files.js';
import { emptied } from './lib/emptied.js';
import { chartsOf, ownChart, type Release } from './lib/helm-charts.js';
import { DROVER, run } from './lib/lab.js';
import { once, seconds } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';
import { platformSpecs } from './lib/platform-spec.js';

const LAB = 'bench-platform';
const GOAL = 2;
const CHART = 'lab/charts/greeter';
const { signal } = new AbortController();

const folder = mkdtempSync(join(tmpdir(), 'drover-bench-platform-'));
const KUBECONFIG = join(folder, 'kubeconfig');

/** The path is the last word that `drover lab build` prints of a program. */
const helmProgram = (): string => {
  const [program, ...words] = [...DROVER, 'lab', 'build', '--only', 'helm', '-q'];
  const line = execFileSync(program, words, { encoding: 'utf8' })
    .split('\n')
    .find((each) => each.startsWith('helm '));
  if (line === undefined) throw new Error('the lab has no Helm');
  return line.trimEnd().split(' ').at(-1) ?? '';
};

/** The sets that Drover makes of the spec for the cluster as it is, without charts. */
const setsOf = async (spec: string, kube: Kube): Promise<readonly WantedSet[]> => {
  const loaded = await loadCluster({
    file: spec,
    cwd: folder,
    files: systemFiles,
    clock: systemClock,
    env: process.env,
  });
  const seen = await collectCluster({
    kube,
    signal,
    clock: systemClock,
    certificates: () => Promise.resolve([]),
  });
  if (!loaded.ok) throw new Error(loaded.error[0].message);
  if (!seen.ok) throw new Error(seen.error.message);
  const cluster = loaded.value;
  const realm = { kind: 'lab', name: LAB } as const;
  const sets = await wantedSets({
    cluster,
    world: { hosts: new Map(), cluster: seen.value },
    chart: () => Promise.resolve(ok([])),
    realm: `lab/${LAB}`,
    lab: await labApps(cluster, { realm, env: process.env }),
    fetch: { env: process.env, emit: () => undefined, clock: systemClock, signal },
  });
  if (!sets.ok) throw new Error(sets.error[0].message);
  return sets.value.filter(({ set }) => !set.name.startsWith('chart/'));
};

const namespacesOf = (sets: readonly WantedSet[]): readonly string[] => [
  'greeting',
  ...sets.flatMap(({ set }) =>
    set.objects.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? [metadata.name] : [])),
  ),
];

/** Leads to the cluster from outside of the lab; Helm reads it as a file. */
const kubeconfig = (): string => {
  const [program, ...words] = [...DROVER, 'lab', 'kubeconfig', '--lab', LAB];
  const text = execFileSync(program, words, { encoding: 'utf8' });
  writeFileSync(KUBECONFIG, text, { mode: 0o600 });
  return text;
};

const installed = (helm: string, { name, namespace, folder: chart }: Release): number =>
  once({
    command: [
      helm,
      ...['upgrade', '--install', name, chart, '--wait', '--timeout', '10m'],
      ...['--namespace', namespace, '--create-namespace', '--kubeconfig', KUBECONFIG],
    ],
  });

const apply = (spec: string): number =>
  once({ command: [...DROVER, 'apply', '-f', spec, '--lab', LAB, '--yes', '-q'] });

const specs = (helm: string): ReturnType<typeof platformSpecs> => {
  execFileSync(helm, ['package', CHART, '-d', folder]);
  const file = join(folder, 'greeter-1.0.0.tgz');
  return platformSpecs(folder, LAB, { file, digest: sha256(readFileSync(file)) });
};

const measure = async (helm: string, { bare, whole }: ReturnType<typeof platformSpecs>): Promise<void> => {
  apply(bare);
  const kube = await connectKube(kubeconfig());
  const sets = await setsOf(whole, kube);
  const namespaces = namespacesOf(sets);
  apply(whole);
  await emptied(kube, namespaces);
  const drover = apply(whole);
  await emptied(kube, namespaces);
  kube.close();
  const releases = [...chartsOf(sets, join(folder, 'charts')), ownChart(CHART, 'greeting', folder)];
  const times = releases.map((release) => installed(helm, release));
  const all = times.reduce((sum, ms) => sum + ms, 0);
  const objects = sets.reduce((sum, { set }) => sum + set.objects.length, 0);
  const about = `One run each on one cluster of 3 servers and 5 agents. ${judge(`Drover at least ${GOAL} × as fast`, all / drover >= GOAL)}`;
  writeSection('platform', about, [
    [
      `${releases.length} charts and applications, ${objects} objects beside the charts'`,
      'time',
      'relative to Drover',
    ],
    ['`drover apply`: measured, planned, applied, proven', seconds(drover), '1.0 ×'],
    ['`helm upgrade --install --wait`, one after another', seconds(all), `${(all / drover).toFixed(1)} ×`],
    ['the slowest of these', seconds(Math.max(...times)), `${(Math.max(...times) / drover).toFixed(2)} ×`],
  ]);
};

const helm = helmProgram();
const made = specs(helm);
run(['lab', 'up', '-q', '-f', made.whole]);
try {
  await measure(helm, made);
} finally {
  run(['lab', 'down', '-q', LAB]);
  rmSync(folder, { recursive: true, force: true });
}
await import('./policy.js');
