import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { count, sentence } from '../core/text.js';
import { type ChangeRequest, changeLab } from './change.js';
import { awaitCluster, type ClusterContext, makeCluster } from './cluster/make.js';
import type { LabContext } from './context.js';
import { labError } from './errors.js';
import { check } from './exec.js';
import { firstFailure } from './first-failure.js';
import { removeFolder } from './host/disk.js';
import { makeDisks } from './host/make-disks.js';
import { startHosts, stopHosts } from './operate.js';
import { hostPaths, type LabPaths } from './paths.js';
import { injectedFaultSchema } from './state/schema.js';
import type { OpenLab } from './state/store.js';

/** What belongs to a snapshot besides the disks. */
const snapshotSchema = z.strictObject({ at: z.string(), faults: z.array(injectedFaultSchema) });

const SNAPSHOT_NAME = /^[a-z0-9][-a-z0-9.]{0,62}$/;

export const listSnapshots = async (paths: LabPaths): Promise<readonly string[]> =>
  (await readdir(paths.snapshots).catch((): string[] => []))
    .filter((name) => SNAPSHOT_NAME.test(name))
    .sort();

/** Copies a disk with everything the overlay keeps in extended attributes; shares blocks where the file system can. */
const copyDisk = (from: string, to: string): Promise<Result<string, DroverError>> =>
  check('cp', ['--archive', '--reflink=auto', '--', from, to]);

const copyAll = async (
  lab: OpenLab,
  pairs: (host: string) => readonly [string, string],
): Promise<Result<void, DroverError>> =>
  firstFailure(await Promise.all(lab.state().hosts.map((host) => copyDisk(...pairs(host.name)))));

const save = async (context: LabContext, lab: OpenLab, name: string): Promise<Result<void, DroverError>> => {
  const folder = join(lab.paths.snapshots, name);
  const draft = join(lab.paths.snapshots, `.${name}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const copied = await copyAll(lab, (host) => [hostPaths(lab.paths, host).disk, join(draft, host)]);
  if (!copied.ok) return copied;
  const record = { at: new Date(context.clock.now()).toISOString(), faults: lab.state().faults };
  await writeFile(join(draft, 'snapshot.json'), JSON.stringify(record));
  await removeFolder(folder);
  await rename(draft, folder);
  return ok(undefined);
};

export interface SnapshotRequest extends ChangeRequest {
  readonly name: string;
}

/** Saves the disks of all hosts. Running hosts are shut down for it and started again, so that disks are whole. */
export const labSnapshot = (
  context: LabContext,
  request: SnapshotRequest,
): Promise<Result<void, DroverError>> =>
  changeLab(context, request, async (lab) => {
    if (!SNAPSHOT_NAME.test(request.name)) {
      return err(
        labError('lab-snapshot', `'${request.name}' cannot be the name of a snapshot`, {
          hint: 'use lower-case letters, digits, dots and dashes',
        }),
      );
    }
    const running = lab.state().hosts.filter((host) => host.process !== undefined);
    const stopped = await stopHosts(context, lab, { hosts: running, how: 'shutdown' });
    const saved = stopped.ok ? await save(context, lab, request.name) : stopped;
    const names = new Set(running.map((host) => host.name));
    const started = await startHosts(
      context,
      lab,
      lab.state().hosts.filter((host) => names.has(host.name)),
    );
    return saved.ok ? started : saved;
  });

const restore = async (lab: OpenLab, name: string): Promise<Result<void, DroverError>> => {
  const folder = join(lab.paths.snapshots, name);
  const text = await readFile(join(folder, 'snapshot.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const known = await listSnapshots(lab.paths);
    return err(
      labError('lab-snapshot', `There is no snapshot '${name}'`, {
        hint:
          known.length === 0 ? '`drover lab snapshot NAME` makes one' : `snapshots: ${sentence(known, 12)}`,
      }),
    );
  }
  const { faults } = snapshotSchema.parse(JSON.parse(text));
  await Promise.all(lab.state().hosts.map((host) => removeFolder(hostPaths(lab.paths, host.name).disk)));
  const copied = await copyAll(lab, (host) => [join(folder, host), hostPaths(lab.paths, host).disk]);
  if (copied.ok) await lab.update((state) => ({ ...state, faults }));
  return copied;
};

const makeAnew = async (lab: OpenLab): Promise<Result<void, DroverError>> => {
  await Promise.all(lab.state().hosts.map((host) => removeFolder(hostPaths(lab.paths, host.name).disk)));
  const made = await makeDisks(lab);
  if (!made.ok) return made;
  await lab.update((state) => ({ ...state, faults: [] }));
  return ok(undefined);
};

export interface ResetRequest extends ChangeRequest {
  /** Snapshot to go back to; absent = as `lab up` made the hosts. */
  readonly snapshot: string | undefined;
}

/** How long the nodes of a cluster may take after a reset. */
const CLUSTER_MS = 240_000;

/** A cluster that was there comes back with the disks, and is made again on new ones. */
const bringClusterBack = (
  context: ClusterContext,
  lab: OpenLab,
  given: { readonly anew: boolean; readonly since: number },
): Promise<Result<void, DroverError>> =>
  given.anew
    ? makeCluster(context, lab, CLUSTER_MS)
    : awaitCluster(context, lab, { since: given.since, timeoutMs: CLUSTER_MS });

/**
 * Puts all hosts back to a saved state, or to that of a new lab, and starts them; a lab with a cluster is back when
 * its nodes are Ready.
 */
export const labReset = (
  context: ClusterContext,
  request: ResetRequest,
): Promise<Result<void, DroverError>> =>
  changeLab(context, request, async (lab) => {
    const known = await listSnapshots(lab.paths);
    if (request.snapshot !== undefined && !known.includes(request.snapshot))
      return restore(lab, request.snapshot);
    const title = `Resetting ${count(lab.state().hosts.length, 'host')} to ${request.snapshot ?? 'a new lab'}`;
    context.emit({ type: 'phase-start', phase: 'lab-boot', title, total: lab.state().hosts.length });
    const off = await stopHosts(context, lab, { hosts: lab.state().hosts, how: 'crash' });
    if (!off.ok) return off;
    const disks = request.snapshot === undefined ? await makeAnew(lab) : await restore(lab, request.snapshot);
    if (!disks.ok) return disks;
    const since = context.clock.now();
    const started = await startHosts(context, lab, lab.state().hosts);
    if (!started.ok || lab.state().cluster === undefined) return started;
    return bringClusterBack(context, lab, { anew: request.snapshot === undefined, since });
  });
