import { randomBytes } from 'node:crypto';
import type { DroverError } from '../../core/error.js';
import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, printable, sentence } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { firstFailure } from '../first-failure.js';
import { runInHost } from '../host/inside.js';
import type { LabPaths } from '../paths.js';
import type { LabState } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';
import { membersOf } from './config.js';
import { installMember, unitOf } from './install.js';
import { makeKubeconfig } from './kubeconfig.js';
import { type NotReady, waitForReady } from './ready.js';
import { type ClusterBuild, makeShare } from './share.js';

/** How the lab talks to the cluster in it: the text of a kubeconfig in, a client out. */
export type ConnectKube = (kubeconfig: string) => Promise<Kube>;

/** A lab context with the way to Kubernetes' API. */
export interface ClusterContext extends LabContext {
  readonly connect: ConnectKube;
}

/** Between two attempts to reach an API that is starting; longer where an attempt itself takes long. */
const RETRY_MS = 100;
const ATTEMPT_MS = 5000;

/** The record of a cluster that is about to be made from a build. */
export const newCluster = async (
  paths: LabPaths,
  build: ClusterBuild,
): Promise<NonNullable<LabState['cluster']>> => ({
  kind: build.k3s.kind,
  version: build.k3s.version,
  token: randomBytes(16).toString('hex'),
  images: [...(await makeShare(paths, build))],
});

const isReady = async (kube: Kube, signal: AbortSignal): Promise<boolean> =>
  (await kube.raw('/readyz', { signal, timeoutMs: ATTEMPT_MS })).ok;

/**
 * The first server's API as soon as it answers; undefined when the time is over. The members need the processors more:
 * asking takes a third of the time at most.
 */
const reachApi = async (
  context: ClusterContext,
  lab: OpenLab,
  signal: AbortSignal,
): Promise<Kube | undefined> => {
  let known = '';
  let kube: Kube | undefined;
  while (!signal.aborted) {
    const begun = context.clock.monotonic();
    const text = await makeKubeconfig(context, lab);
    if (text.ok && text.value !== known) {
      kube?.close();
      known = text.value;
      kube = await context.connect(known);
    }
    if (kube !== undefined && (await isReady(kube, signal))) return kube;
    const pause = Math.max(RETRY_MS, 2 * (context.clock.monotonic() - begun));
    await context.clock.delay(pause, signal).catch(() => undefined);
  }
  kube?.close();
  return undefined;
};

const lastWords = async (lab: OpenLab, name: string): Promise<string> => {
  const host = lab.state().hosts.find((one) => one.name === name);
  if (host === undefined) return '';
  const unit = unitOf(host.role);
  const said = await runInHost(lab, name, `journalctl -q -o cat -n 8 -u ${unit}`, { timeoutMs: 10_000 });
  return said.ok ? printable(said.value.stdout).trim() : said.error.message;
};

const notReady = async (lab: OpenLab, { missing, failure }: NotReady): Promise<DroverError> => {
  const [first = ''] = missing;
  const cause = `${failure === undefined ? '' : `${failure}\n`}last words of the engine on ${first}:\n${await lastWords(lab, first)}`;
  return labError('lab-cluster', `${sentence(missing)} did not become Ready in time`, { host: first, cause });
};

const nodesOf = (lab: OpenLab): readonly string[] => membersOf(lab.state().plan).map(({ name }) => name);

const toldReady = (context: ClusterContext, begun: number) => (host: string) =>
  context.emit({
    type: 'host-done',
    phase: 'lab-cluster',
    host,
    durationMs: context.clock.monotonic() - begun,
    text: 'the node is Ready',
  });

interface Wait {
  /** Leases older than this are of an earlier life of the cluster, ms since the epoch. */
  readonly since: number;
  readonly timeoutMs: number;
}

const waitForNodes = async (
  context: ClusterContext,
  lab: OpenLab,
  given: Wait & { readonly begun: number },
): Promise<Result<void, DroverError>> => {
  const nodes = nodesOf(lab);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(given.timeoutMs)]);
  const kube = await reachApi(context, lab, signal);
  const onReady = toldReady(context, given.begun);
  const ready: Result<void, NotReady> =
    kube === undefined
      ? err({ missing: nodes, failure: 'the API did not answer' })
      : await waitForReady({ kube, nodes, since: given.since, signal, onReady });
  kube?.close();
  return ready.ok ? ready : err(await notReady(lab, ready.error));
};

/** One phase of work on the cluster that ends with all nodes Ready, which the record then says. */
const phase = async (
  context: ClusterContext,
  lab: OpenLab,
  work: (begun: number) => Promise<Result<void, DroverError>>,
): Promise<Result<void, DroverError>> => {
  const begun = context.clock.monotonic();
  const total = nodesOf(lab).length;
  const title = `Waiting for ${count(total, 'node')} to be Ready`;
  context.emit({ type: 'phase-start', phase: 'lab-cluster', title, total });
  const done = await work(begun);
  if (!done.ok) return done;
  const readyAt = new Date(context.clock.now()).toISOString();
  await lab.update((state) =>
    state.cluster === undefined ? state : { ...state, cluster: { ...state.cluster, readyAt } },
  );
  const durationMs = context.clock.monotonic() - begun;
  context.emit({ type: 'phase-done', phase: 'lab-cluster', title, durationMs });
  return ok(undefined);
};

/** Waits until all members of a cluster that is starting are Ready again. */
export const awaitCluster = (
  context: ClusterContext,
  lab: OpenLab,
  wait: Wait,
): Promise<Result<void, DroverError>> =>
  phase(context, lab, (begun) => waitForNodes(context, lab, { ...wait, begun }));

/** Installs the engine on all members at once and waits until their nodes are Ready. Hosts must be running. */
export const makeCluster = async (
  context: ClusterContext,
  lab: OpenLab,
  timeoutMs: number,
): Promise<Result<void, DroverError>> => {
  const { cluster, hosts } = lab.state();
  if (cluster === undefined) return ok(undefined);
  const names = new Set(nodesOf(lab));
  const members = hosts.filter(({ name }) => names.has(name));
  const since = context.clock.now();
  return phase(context, lab, async (begun) => {
    const installed = await Promise.all(members.map((host) => installMember(lab, host, cluster)));
    const failed = firstFailure(installed);
    return failed.ok ? waitForNodes(context, lab, { since, timeoutMs, begun }) : failed;
  });
};
