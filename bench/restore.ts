/**
 * Restoring a bundle, against the API's own limit (the same objects by plain parallel server-side applies, as many at once)
 * and against kubectl, all in one run on one cluster of the lab.
 *
 * Options: `--servers=3`, `--mixed=5000`, `--secrets=31000`, `--concurrency=16`; a set of 0 objects is left out.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { connectKube } from '../src/app/lab/connect-kube.js';
import type { DroverEvent } from '../src/core/events/event.js';
import type { Kube } from '../src/core/ports/kube.js';
import { labPaths } from '../src/lab/paths.js';
import { DROVER, makeLab } from './lib/lab.js';
import { type MadeObject, mixedObjects, secretObjects } from './lib/mixed-objects.js';
import { judge, type Table, writeSection } from './lib/page.js';
import { type Watched, watched } from './lib/peak.js';

const GOALS = { ofLimit: 0.8, overKubectl: 2.5, memoryMiB: 400 } as const;
/** kubectl gets slower the more files it is given; more than these would take it half an hour. */
const KUBECTL_AT_MOST = 3_000;
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };

const { values: given } = parseArgs({
  options: {
    servers: { type: 'string', default: '3' },
    mixed: { type: 'string', default: '5000' },
    secrets: { type: 'string', default: '31000' },
    concurrency: { type: 'string', default: '16' },
  },
});
const concurrency = Number(given.concurrency);

const folder = mkdtempSync(join(tmpdir(), 'drover-bench-restore-'));
const at = (...parts: readonly string[]): string => join(folder, ...parts);

const makeNamespace = async (kube: Kube, name: string): Promise<void> => {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const done = await kube.create({ resource: NAMESPACES }, object);
  if (!done.ok) throw new Error(done.error.message);
};

/** Objects per second when nothing but the requests is done. */
const plainRate = async (kube: Kube, objects: readonly MadeObject[]): Promise<number> => {
  const limit = pLimit(concurrency);
  const begin = performance.now();
  await Promise.all(
    objects.map(({ resource, object }) =>
      limit(async () => {
        const ref = { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
        const done = await kube.apply(ref, object, { fieldManager: 'bench' });
        if (!done.ok) throw new Error(done.error.message);
      }),
    ),
  );
  return (objects.length * 1000) / (performance.now() - begin);
};

const kubectlRate = async (all: readonly MadeObject[], name: string): Promise<number> => {
  const objects = all.slice(0, KUBECTL_AT_MOST);
  mkdirSync(at(name));
  for (const { object } of objects)
    writeFileSync(at(name, `${object.kind}-${object.metadata.name}.json`), JSON.stringify(object));
  const apply = ['apply', '--server-side', '-f', at(name)];
  const { ms } = await watched(['kubectl', '--kubeconfig', at('kubeconfig'), ...apply]);
  return (objects.length * 1000) / ms;
};

interface Restored {
  readonly export: Watched;
  readonly plan: Watched;
  readonly restore: Watched;
  /** Objects per second of the run alone. */
  readonly rate: number;
}

/** How long the run itself took, as it says when it is done. */
const runMs = (log: string): number => {
  const events = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DroverEvent);
  const done = events.find(({ type }) => type === 'run-done');
  if (done?.type !== 'run-done') throw new Error('the run did not end');
  return done.durationMs;
};

/** Exports one namespace and restores it under another name, by the command line as users call it. */
const carried = async (set: string, objects: number): Promise<Restored> => {
  const spec = at(`${set}.yaml`);
  const access = { kubeconfig: at('kubeconfig') };
  const document = {
    apiVersion: 'drover/v1',
    kind: 'Migration',
    metadata: { name: set },
    spec: {
      source: access,
      target: access,
      bundle: at(`${set}-bundle`),
      select: { namespaces: [`${set}-plain`] },
      transforms: [{ change: 'namespace', from: `${set}-plain`, to: `${set}-drover` }],
      restore: { concurrency },
    },
  };
  writeFileSync(spec, JSON.stringify(document));
  const drover = (...words: readonly string[]): Promise<Watched> =>
    watched([...DROVER, '-C', folder, ...words, '-q']);
  const exported = await drover('export', '-f', spec);
  const plan = await drover('plan', '-f', spec);
  const log = at(`${set}.log`);
  const restore = await drover('restore', '-f', spec, '--yes', '--log-file', log);
  return { export: exported, plan, restore, rate: (objects * 1000) / runMs(log) };
};

const perSecond = (rate: number): string => `${Math.round(rate)} objects/s`;

const measure = async (kube: Kube, set: string, objects: readonly MadeObject[]): Promise<Table> => {
  const inNamespace = (namespace: string): readonly MadeObject[] =>
    objects.map(({ resource, object }) => ({
      resource,
      object: { ...object, metadata: { ...object.metadata, namespace } },
    }));
  for (const way of ['plain', 'kubectl']) await makeNamespace(kube, `${set}-${way}`);
  const plain = await plainRate(kube, inNamespace(`${set}-plain`));
  const done = await carried(set, objects.length);
  const kubectl = await kubectlRate(inNamespace(`${set}-kubectl`), set);
  const kept = [
    judge(`${set}: at least ${GOALS.ofLimit * 100} % of plain applies`, done.rate >= plain * GOALS.ofLimit),
    judge(`${set}: ${GOALS.overKubectl} times as fast as kubectl`, done.rate >= kubectl * GOALS.overKubectl),
    judge(`${set}: restore in less than ${GOALS.memoryMiB} MB`, done.restore.peakMiB < GOALS.memoryMiB),
    judge(`${set}: export in less than ${GOALS.memoryMiB} MB`, done.export.peakMiB < GOALS.memoryMiB),
  ];
  const row = (what: string, rate: number, memory = ''): readonly string[] => [
    `${objects.length} ${set}`,
    what,
    perSecond(rate),
    `${Math.round((rate / plain) * 100)} %`,
    memory,
  ];
  const whole = (ms: number): number => (objects.length * 1000) / ms;
  const mib = ({ peakMiB }: Watched): string => `${Math.round(peakMiB)} MiB`;
  return [
    row(`plain server-side applies, ${concurrency} at once`, plain),
    row('`drover restore`: the run', done.rate, mib(done.restore)),
    row('`drover restore`: the whole command, planning included', whole(done.restore.ms), mib(done.restore)),
    row('`drover plan`: a dry run of every object', whole(done.plan.ms), mib(done.plan)),
    row('`drover export`', whole(done.export.ms), mib(done.export)),
    row(
      `\`kubectl apply --server-side -f DIR\`, ${Math.min(KUBECTL_AT_MOST, objects.length)} of them`,
      kubectl,
    ),
    ...kept.map((text) => ['', text, '', '', '']),
  ];
};

const { lab, remove } = makeLab('bench-restore', Number(given.servers), '--cluster');
try {
  const kubeconfig = readFileSync(labPaths(process.env, lab.name).kubeconfig, 'utf8');
  writeFileSync(at('kubeconfig'), kubeconfig, { mode: 0o600 });
  const kube = await connectKube(kubeconfig);
  const sets = [
    ['mixed', mixedObjects(Number(given.mixed), '')],
    ['secrets', secretObjects(Number(given.secrets), '')],
  ] as const;
  const rows: Table[number][] = [];
  for (const [set, objects] of sets)
    if (objects.length > 0) rows.push(...(await measure(kube, set, objects)));
  kube.close();
  writeSection(
    'restore',
    `Carrying objects on a lab cluster of ${given.servers} servers, ${concurrency} requests at once, everything in one run`,
    [['objects', 'way', 'speed', 'of plain applies', 'most memory'], ...rows],
  );
} finally {
  remove();
  rmSync(folder, { recursive: true, force: true });
}
