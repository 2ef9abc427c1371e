import { stat } from 'node:fs/promises';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { makeGroups, removeGroups } from '../cgroups/groups.js';
import { shareFolder } from '../cluster/share.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { cgroupName } from '../names.js';
import { plugIntoRouter } from '../network/routed.js';
import { hostPaths } from '../paths.js';
import { leaderOf, type Process, signalProcess, waitForEnd } from '../processes.js';
import type { LabHost } from '../state/schema.js';
import { type OpenLab, withHost } from '../state/store.js';
import { crashVm, startVm, stopVm } from '../vm/power.js';
import { mountRoot, unmountBelow } from './disk.js';
import { launch } from './launch.js';
import { launchCommand } from './nspawn.js';

const hasModules = (): Promise<boolean> =>
  stat('/lib/modules').then(
    (info) => info.isDirectory(),
    () => false,
  );

/** Mounts the host's root, makes its groups and starts systemd-nspawn; undefined when that cannot be started. */
const startContainer = async (
  lab: OpenLab,
  host: LabHost,
): Promise<Result<Process | undefined, DroverError>> => {
  const { plan, rootfs, cgroups, cluster } = lab.state();
  const paths = hostPaths(lab.paths, host.name);
  const mounted = await mountRoot(paths, rootfs);
  if (!mounted.ok) return mounted;
  const groups = await makeGroups(cgroups, cgroupName(plan, host.name));
  const share = cluster === undefined ? {} : { share: shareFolder(lab.paths) };
  const input = { plan, host: host.name, paths, cgroups, modules: await hasModules(), ...share };
  return ok(await launch(launchCommand(input, groups), paths.console));
};

/** Switches a host on. Does not wait for its sshd. */
export const powerOn = async (
  context: LabContext,
  lab: OpenLab,
  host: LabHost,
): Promise<Result<void, DroverError>> => {
  const { plan } = lab.state();
  const started = plan.vm === undefined ? await startContainer(lab, host) : await startVm(context, lab, host);
  if (!started.ok) return started;
  const process = started.value;
  if (process === undefined) {
    return err(
      labError('lab-boot', `${host.name} could not be started`, {
        host: host.name,
        hint: `see ${hostPaths(lab.paths, host.name).console}`,
      }),
    );
  }
  await lab.update((state) => withHost(state, host.name, (entry) => ({ ...entry, process })));
  return plan.network === 'routed' ? plugIntoRouter(context, plan, host) : ok(undefined);
};

/** How a host is switched off: by its own shutdown, or as when the power fails. */
export type PowerOff = 'shutdown' | 'crash';

const SHUTDOWN_MS = 30_000;

const end = async (context: LabContext, nspawn: Process, how: PowerOff): Promise<void> => {
  if (how === 'shutdown') {
    await signalProcess(nspawn, 'SIGTERM');
    if (await waitForEnd(nspawn, context.clock, SHUTDOWN_MS)) return;
  }
  const leader = await leaderOf(nspawn);
  if (leader !== undefined) await signalProcess(leader, 'SIGKILL');
  if (leader !== undefined && (await waitForEnd(nspawn, context.clock, 5000))) return;
  await signalProcess(nspawn, 'SIGKILL');
  await waitForEnd(nspawn, context.clock, 5000);
};

/** Switches a host off and waits until nothing of it runs or is mounted. Its disk stays. */
export const powerOff = async (
  context: LabContext,
  lab: OpenLab,
  host: LabHost,
  how: PowerOff,
): Promise<Result<void, DroverError>> => {
  const { plan, cgroups } = lab.state();
  if (plan.vm !== undefined) await (how === 'crash' ? crashVm : stopVm)(context, lab, host);
  else if (host.process !== undefined) await end(context, host.process, how);
  const group = cgroupName(plan, host.name);
  const removed = await removeGroups(cgroups, group, context.clock);
  await unmountBelow(hostPaths(lab.paths, host.name).home);
  await lab.update((state) => withHost(state, host.name, ({ process: _gone, ...entry }) => entry));
  if (removed) return ok(undefined);
  return err(
    labError('lab-command', `The control groups '${group}' of ${host.name} could not be removed`, {
      host: host.name,
      state: 'the host is off',
      hint: 'repeat the command; a process may be stuck in the kernel',
    }),
  );
};
