import { spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { makeGroups, removeGroups } from '../cgroups/groups.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { cgroupName } from '../names.js';
import { plugIntoRouter } from '../network/routed.js';
import { hostPaths } from '../paths.js';
import { identify, leaderOf, signalProcess, waitForEnd, type Process } from '../processes.js';
import type { LabHost } from '../state/schema.js';
import { withHost, type OpenLab } from '../state/store.js';
import { mountRoot, unmountBelow } from './disk.js';
import { launchCommand, type NspawnInput } from './nspawn.js';

const hasModules = (): Promise<boolean> =>
  stat('/lib/modules').then(
    (info) => info.isDirectory(),
    () => false,
  );

const launch = async (input: NspawnInput, groups: readonly string[]): Promise<Process | undefined> => {
  const [file, args] = launchCommand(input, groups);
  const console = await open(input.paths.console, 'a', 0o600);
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', console.fd, console.fd] });
    await new Promise<void>((resolve) => {
      child.once('spawn', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    return child.pid === undefined ? undefined : await identify(child.pid);
  } finally {
    await console.close();
  }
};

/** Switches a host on: mounts its root, makes its groups, starts it. Does not wait for its sshd. */
export const powerOn = async (
  context: LabContext,
  lab: OpenLab,
  host: LabHost,
): Promise<Result<void, DroverError>> => {
  const { plan, rootfs, cgroups } = lab.state();
  const paths = hostPaths(lab.paths, host.name);
  const mounted = await mountRoot(paths, rootfs);
  if (!mounted.ok) return mounted;
  const groups = await makeGroups(cgroups, cgroupName(plan, host.name));
  const input = { plan, host: host.name, paths, cgroups, modules: await hasModules() };
  const process = await launch(input, groups);
  if (process === undefined) {
    return err(
      labError('lab-boot', `${host.name} could not be started`, {
        host: host.name,
        hint: `see ${paths.console}`,
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
  if (host.process !== undefined) await end(context, host.process, how);
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
