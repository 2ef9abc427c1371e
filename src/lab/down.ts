import { readdir } from 'node:fs/promises';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { detectCgroups, removeGroups } from './cgroups/groups.js';
import { stopForward } from './cluster/forward.js';
import type { LabContext } from './context.js';
import { labError } from './errors.js';
import { removeFolder, unmountBelow } from './host/disk.js';
import { powerOff } from './host/power.js';
import { restoreInotify } from './inotify.js';
import { cgroupName, operatorNetns, routerNetns } from './names.js';
import { netnsExists, removeLabNetns } from './network/netns.js';
import { endOccupants } from './network/occupants.js';
import { labPaths } from './paths.js';
import { stopServices } from './services/start.js';
import { withLock } from './state/lock.js';
import { listLabs, openLab, readState } from './state/store.js';

/** Orderly part: what the record knows. Hosts lose power; their disks are about to be removed anyway. */
const stopRecorded = async (context: LabContext, name: string): Promise<void> => {
  const state = await readState(labPaths(context.env, name));
  if (!state.ok || state.value === undefined) return;
  const lab = openLab(context.env, name, state.value);
  await lab.update((current) => ({ ...current, phase: 'stopping' }));
  await Promise.all(lab.state().hosts.map((host) => powerOff(context, lab, host, 'crash')));
  await stopServices(context, lab.state().services);
  await stopForward(context, lab.state().api);
};

/** What an interrupted command may have made without recording it is found by its names. */
const sweep = async (context: LabContext, name: string): Promise<boolean> => {
  const paths = labPaths(context.env, name);
  const mode = await detectCgroups();
  const hosts = await readdir(paths.hosts).catch((): string[] => []);
  const removed = await Promise.all(
    hosts.map((host) => removeGroups(mode, cgroupName({ name }, host), context.clock)),
  );
  for (const netns of [operatorNetns({ name }), routerNetns({ name })])
    await endOccupants(netns, context.clock);
  await unmountBelow(paths.home);
  await removeLabNetns(name);
  return !removed.includes(false) && !(await netnsExists(operatorNetns({ name })));
};

/** Removes a lab, or whatever there is of it. The caller holds the lab's lock. */
export const takeDown = async (context: LabContext, name: string): Promise<Result<void, DroverError>> => {
  const paths = labPaths(context.env, name);
  await stopRecorded(context, name);
  if (!(await sweep(context, name))) {
    return err(
      labError('lab-command', `Not everything of the lab '${name}' could be removed`, {
        state: 'its hosts are off; its record stays, so that the next attempt finds it',
        hint: `repeat \`drover lab down ${name}\``,
      }),
    );
  }
  await removeFolder(paths.home);
  if ((await listLabs(context.env)).length === 0) await restoreInotify(context);
  return ok(undefined);
};

const needsRoot = (): DroverError | undefined =>
  process.getuid?.() === 0
    ? undefined
    : labError('lab-needs-root', 'A lab can only be removed by root', {
        hint: 'run the same command with `sudo`',
      });

/** Removes one lab: processes, namespaces, mounts, control groups, files. */
export const labDown = async (context: LabContext, name: string): Promise<Result<void, DroverError>> => {
  const denied = needsRoot();
  if (denied) return err(denied);
  const known = (await listLabs(context.env)).includes(name) || (await netnsExists(operatorNetns({ name })));
  if (!known)
    return err(
      labError('lab-not-found', `There is no lab '${name}'`, { hint: '`drover lab status` lists the labs' }),
    );
  const title = `Removing the lab ${name}`;
  const since = context.clock.monotonic();
  return withLock(labPaths(context.env, name).home, `lab down ${name}`, async () => {
    context.emit({ type: 'phase-start', phase: 'lab-stop', title });
    const done = await takeDown(context, name);
    if (done.ok) {
      context.emit({
        type: 'phase-done',
        phase: 'lab-stop',
        title,
        durationMs: context.clock.monotonic() - since,
      });
    }
    return done;
  });
};
