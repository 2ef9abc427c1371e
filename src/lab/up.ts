import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DroverError, DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { count } from '../core/text.js';
import { buildLab } from './build/build.js';
import type { K3sSource } from './build/k3s-binary.js';
import { detectCgroups } from './cgroups/groups.js';
import { type ClusterContext, makeCluster, newCluster } from './cluster/make.js';
import { type ClusterBuild, podsCanRun } from './cluster/share.js';
import type { LabContext } from './context.js';
import { takeDown } from './down.js';
import { labError } from './errors.js';
import { firstFailure } from './first-failure.js';
import { makeDisks } from './host/make-disks.js';
import { powerOn } from './host/power.js';
import { waitForSsh } from './host/wait.js';
import { raiseInotify } from './inotify.js';
import { makeRoutedNetwork } from './network/routed.js';
import { makeSwitchedNetwork } from './network/switched.js';
import { type LabPaths, labPaths } from './paths.js';
import { checkRequirements, needsOf } from './requirements.js';
import { ensureRootfs, type Rootfs } from './rootfs/cache.js';
import { startServices } from './services/start.js';
import { knownHosts, sshConfig } from './ssh/config.js';
import { withLock } from './state/lock.js';
import type { LabPlan, LabState } from './state/schema.js';
import {
  giveToInvoker,
  listLabs,
  makePrivateDir,
  type OpenLab,
  openLab,
  readState,
  writeState,
} from './state/store.js';
import { prepareVms } from './vm/prepare.js';

export interface UpOptions {
  /** Debian mirror for the root file system; default: this machine's own. */
  readonly mirror?: string;
  /** How long sshd of the hosts may take to answer. */
  readonly timeoutMs: number;
  /** A real K3s for the cluster in place of the lab's engine. */
  readonly k3s?: K3sSource;
}

const totalHosts = async (context: LabContext): Promise<number> => {
  const states = await Promise.all(
    (await listLabs(context.env)).map((name) => readState(labPaths(context.env, name))),
  );
  return states.reduce((sum, state) => sum + (state.ok ? (state.value?.hosts.length ?? 0) : 0), 0);
};

const writeSshFiles = async (
  context: LabContext,
  lab: OpenLab,
  keys: ReadonlyMap<string, string>,
): Promise<void> => {
  const { sshConfig: config, knownHosts: known, sshKey } = lab.paths;
  const { plan } = lab.state();
  await writeFile(config, sshConfig(plan, lab.paths), { mode: 0o600 });
  await writeFile(known, knownHosts(plan.hosts, keys), { mode: 0o600 });
  await giveToInvoker(context.env, config, known, sshKey, `${sshKey}.pub`);
};

const makeFolders = async (context: LabContext, paths: LabPaths): Promise<void> => {
  for (const folder of [
    paths.home,
    dirname(paths.sshConfig),
    paths.hosts,
    paths.controlDir,
    paths.stateDir,
  ]) {
    await makePrivateDir(context.env, folder);
  }
};

const makeNetwork = (plan: LabPlan): Promise<Result<void, DroverError>> =>
  plan.network === 'routed' ? makeRoutedNetwork(plan) : makeSwitchedNetwork(plan);

const warnOf = (context: LabContext, build: ClusterBuild): void => {
  const warn = (text: string): void => context.emit({ type: 'note', level: 'warning', text });
  warn(`the cluster runs K3s ${build.k3s.version}: not rehearsed by this version`);
  if (!podsCanRun(build))
    warn('there are no images for pods, because Go is missing: give K3s’ air-gap archive with --k3s-images');
};

/** The program and the images of the cluster, when the lab shall have one. */
const buildFor = async (
  context: LabContext,
  plan: LabPlan,
  { k3s: source }: UpOptions,
): Promise<Result<ClusterBuild | undefined, DroverError>> => {
  if (plan.cluster === undefined) return ok(undefined);
  const built = await buildLab(source === undefined ? {} : { k3s: source }, context);
  if (!built.ok) return built;
  const { k3s } = built.value;
  if (k3s === undefined) throw new Error('a whole build has the engine');
  const build = { ...built.value, k3s };
  if (k3s.kind === 'real') warnOf(context, build);
  return ok(build);
};

/** Nodes take several times as long as sshd. */
const CLUSTER_PATIENCE = 4;

/** Everything after the record: network, disks, services, hosts, sshd. */
const make = async (
  context: LabContext,
  lab: OpenLab,
  given: { readonly rootfs: Rootfs; readonly options: UpOptions },
): Promise<Result<void, DroverError>> => {
  const [network, keys] = await Promise.all([makeNetwork(lab.state().plan), makeDisks(lab)]);
  if (!network.ok) return network;
  if (!keys.ok) return keys;
  await writeSshFiles(context, lab, keys.value);
  const services = startServices(context, lab, given.rootfs.repository);
  const hosts = lab.state().hosts;
  const started = firstFailure(await Promise.all(hosts.map((host) => powerOn(context, lab, host))));
  const served = await services;
  if (served.ok) await lab.update((state) => ({ ...state, services: served.value }));
  if (!started.ok) return started;
  if (!served.ok) return served;
  return waitForSsh(context, lab, { hosts, timeoutMs: given.options.timeoutMs });
};

const initialState = async (context: LabContext, plan: LabPlan, rootfs: Rootfs): Promise<LabState> => ({
  version: 1,
  phase: 'starting',
  createdAt: new Date(context.clock.now()).toISOString(),
  plan,
  rootfs: rootfs.tree,
  cgroups: await detectCgroups(),
  hosts: plan.hosts.map((host) => ({ ...host })),
  faults: [],
  partitions: [],
  throttles: {},
});

/** A lab that is up stays; one whose `up` or `down` was killed half-way is removed first. */
const clearTheWay = async (context: LabContext, name: string): Promise<Result<void, DroverError>> => {
  const paths = labPaths(context.env, name);
  const state = await readState(paths);
  if (state.ok && state.value?.phase === 'up') {
    return err(
      labError('lab-exists', `The lab '${name}' is up already`, {
        hint: `use it with --lab ${name}; \`drover lab down ${name}\` removes it; --name gives the new one another name`,
      }),
    );
  }
  if (state.ok && state.value === undefined) return takeDown(context, name);
  context.emit({
    type: 'note',
    level: 'info',
    text: `removing what an interrupted command left of the lab '${name}'`,
  });
  return takeDown(context, name);
};

/** What a lab is made from: found in the cache, or made first. */
interface Parts {
  readonly rootfs: Rootfs;
  readonly accelerator: LabState['accelerator'];
  readonly build: ClusterBuild | undefined;
}

const prepare = async (
  context: LabContext,
  plan: LabPlan,
  options: UpOptions,
): Promise<Result<Parts, DroverError>> => {
  const rootfs = await ensureRootfs(context, options.mirror);
  if (!rootfs.ok) return rootfs;
  const accelerator = plan.vm === undefined ? ok(undefined) : await prepareVms(context, rootfs.value.tree);
  if (!accelerator.ok) return accelerator;
  const build = await buildFor(context, plan, options);
  if (!build.ok) return build;
  return ok({ rootfs: rootfs.value, accelerator: accelerator.value, build: build.value });
};

/** Writes the record before anything is made, so that all of it can be found again. */
const record = async (context: LabContext, plan: LabPlan, parts: Parts): Promise<OpenLab> => {
  const { rootfs, accelerator, build } = parts;
  const lab = openLab(context.env, plan.name, {
    ...(await initialState(context, plan, rootfs)),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  await makeFolders(context, lab.paths);
  await writeState(context.env, lab.paths, lab.state());
  if (build !== undefined) {
    const cluster = await newCluster(lab.paths, build);
    await lab.update((state) => ({ ...state, cluster }));
  }
  return lab;
};

/** Hosts, with progress. */
const boot = async (
  context: LabContext,
  lab: OpenLab,
  given: { readonly rootfs: Rootfs; readonly options: UpOptions },
): Promise<Result<void, DroverError>> => {
  const since = context.clock.monotonic();
  const { name, hosts } = lab.state().plan;
  const title = `Starting the lab ${name}: ${count(hosts.length, 'host')}`;
  context.emit({ type: 'phase-start', phase: 'lab-boot', title, total: hosts.length });
  await raiseInotify(context, await totalHosts(context));
  const made = await make(context, lab, given);
  const durationMs = context.clock.monotonic() - since;
  if (made.ok) context.emit({ type: 'phase-done', phase: 'lab-boot', title, durationMs });
  return made;
};

const start = async (
  context: ClusterContext,
  plan: LabPlan,
  options: UpOptions,
): Promise<Result<LabState, DroverError>> => {
  const cleared = await clearTheWay(context, plan.name);
  if (!cleared.ok) return cleared;
  const parts = await prepare(context, plan, options);
  if (!parts.ok) return parts;
  const lab = await record(context, plan, parts.value);
  const booted = await boot(context, lab, { rootfs: parts.value.rootfs, options });
  const made = booted.ok ? await makeCluster(context, lab, options.timeoutMs * CLUSTER_PATIENCE) : booted;
  if (!made.ok) {
    await takeDown(context, plan.name);
    return err({ ...made.error, state: 'everything that was made for this lab was removed again' });
  }
  await lab.update((state) => ({ ...state, phase: 'up' }));
  return ok(lab.state());
};

/** Makes a lab real: its hosts run and answer ssh, or nothing of it is left. */
export const labUp = async (
  context: ClusterContext,
  plan: LabPlan,
  options: UpOptions,
): Promise<Result<LabState, DroverErrors>> => {
  const [problem, ...more] = await checkRequirements(context.env, needsOf(plan));
  if (problem !== undefined) return err([problem, ...more]);
  const paths = labPaths(context.env, plan.name);
  const done = await withLock(paths.home, `lab up ${plan.name}`, () => start(context, plan, options));
  return done.ok ? done : err([done.error]);
};
