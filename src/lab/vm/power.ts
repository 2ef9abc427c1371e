import { rename, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { check } from '../exec.js';
import { launch } from '../host/launch.js';
import { BRIDGE, gatewayNetns, portName } from '../names.js';
import { execInNetns, inNetns, ipBatch } from '../network/netns.js';
import { type HostPaths, hostPaths } from '../paths.js';
import { type Process, signalProcess, waitForEnd } from '../processes.js';
import type { LabHost, LabPlan } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';
import { vmCommand } from './command.js';
import { vmImage } from './image.js';
import { consoleSocket } from './paths.js';
import { vmTools } from './tools.js';

const DEFAULT_PROCESSORS = 2;
const SHUTDOWN_MS = 30_000;

const indexOf = (plan: LabPlan, host: string): number => plan.hosts.findIndex(({ name }) => name === host);

/** The host's own disk, copied from the common one when it is switched on for the first time. */
const prepareDisk = async (paths: HostPaths, image: string): Promise<Result<string, DroverError>> => {
  const disk = join(paths.disk, 'root.raw');
  if (
    await stat(disk).then(
      () => true,
      () => false,
    )
  )
    return ok(disk);
  const draft = `${disk}.making`;
  const copied = await check('cp', ['--reflink=auto', '--sparse=always', image, draft]);
  if (!copied.ok) return copied;
  await rename(draft, disk);
  return ok(disk);
};

/** What is this host's own, as the lab wrote it, in the form that the first program of the host unpacks. */
const packIdentity = async (paths: HostPaths): Promise<Result<string, DroverError>> => {
  const target = join(paths.home, 'identity.tar');
  const packed = await check('tar', ['-C', paths.upper, '--numeric-owner', '-cf', target, '.']);
  return packed.ok ? ok(target) : packed;
};

/** A cable for QEMU where systemd-nspawn's would be, under the same name. */
const plugIn = async (plan: LabPlan, host: string): Promise<Result<void, DroverError>> => {
  const netns = gatewayNetns(plan);
  const port = portName(plan, host);
  await execInNetns(netns, ['ip', 'link', 'delete', port]);
  return ipBatch(netns, [
    `tuntap add dev ${port} mode tap`,
    plan.network === 'routed' ? `link set ${port} up` : `link set ${port} master ${BRIDGE} up`,
  ]);
};

/** Switches a virtual machine on. The process that is returned is QEMU; undefined when it cannot be started. Does not wait for its sshd. */
export const startVm = async (
  context: LabContext,
  lab: OpenLab,
  host: LabHost,
): Promise<Result<Process | undefined, DroverError>> => {
  const { plan, rootfs, accelerator = 'tcg' } = lab.state();
  const tools = await vmTools(context);
  if (!tools.ok) return tools;
  const image = await vmImage(rootfs, tools.value, context);
  if (!image.ok) return image;
  const paths = hostPaths(lab.paths, host.name);
  const disk = await prepareDisk(paths, image.value);
  if (!disk.ok) return disk;
  const identity = await packIdentity(paths);
  if (!identity.ok) return identity;
  const plugged = await plugIn(plan, host.name);
  if (!plugged.ok) return plugged;
  const console = consoleSocket(lab, host.name);
  await rm(console, { force: true });
  const command = vmCommand({
    tools: tools.value,
    accelerator,
    index: indexOf(plan, host.name),
    port: portName(plan, host.name),
    memoryMiB: plan.vm?.memoryMiB ?? 1024,
    processors: plan.vm?.processors ?? DEFAULT_PROCESSORS,
    disk: disk.value,
    identity: identity.value,
    console,
  });
  return ok(await launch(inNetns(gatewayNetns(plan), command), paths.console));
};

/** Presses the power switch: one order on the host's console. */
const pressPower = (socket: string): Promise<void> =>
  new Promise((resolve) => {
    const line = connect(socket);
    line.once('error', () => resolve());
    line.once('connect', () => line.end('\npoweroff\n'));
    line.once('close', () => resolve());
  });

const unplug = async (lab: OpenLab, host: string): Promise<void> => {
  const { plan } = lab.state();
  await execInNetns(gatewayNetns(plan), ['ip', 'link', 'delete', portName(plan, host)]);
  await rm(consoleSocket(lab, host), { force: true });
};

/** Power cut: QEMU ends at once, whatever the host was doing. Its disk keeps what had been written. */
export const crashVm = async (context: LabContext, lab: OpenLab, host: LabHost): Promise<void> => {
  if (host.process !== undefined) {
    await signalProcess(host.process, 'SIGKILL');
    await waitForEnd(host.process, context.clock, 5000);
  }
  await unplug(lab, host.name);
};

/** Orderly shutdown by the host's own systemd; a host that does not end in 30 s loses power. */
export const stopVm = async (context: LabContext, lab: OpenLab, host: LabHost): Promise<void> => {
  if (host.process !== undefined) {
    await pressPower(consoleSocket(lab, host.name));
    await waitForEnd(host.process, context.clock, SHUTDOWN_MS);
  }
  await crashVm(context, lab, host);
};
