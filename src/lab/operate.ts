import type { DroverError } from '../core/error.js';
import { ok, type Result } from '../core/result.js';
import { count } from '../core/text.js';
import { type ChangeRequest, changeLab, hostsOf } from './change.js';
import type { LabContext } from './context.js';
import { firstFailure } from './first-failure.js';
import { type PowerOff, powerOff, powerOn } from './host/power.js';
import { waitForSsh } from './host/wait.js';
import { applyThrottle } from './network/throttle.js';
import type { LabHost } from './state/schema.js';
import type { OpenLab } from './state/store.js';

/** How long sshd may take on hosts that were up before. */
const BOOT_MS = 60_000;

/** Switches hosts on that are off, plugs them in as before and waits for their sshd. */
export const startHosts = async (
  context: LabContext,
  lab: OpenLab,
  hosts: readonly LabHost[],
): Promise<Result<void, DroverError>> => {
  const off = hosts.filter((host) => host.process === undefined);
  const started = firstFailure(await Promise.all(off.map((host) => powerOn(context, lab, host))));
  if (!started.ok) return started;
  const answered = await waitForSsh(context, lab, { hosts: off, timeoutMs: BOOT_MS });
  if (!answered.ok) return answered;
  const throttled = off.filter((host) => lab.state().throttles[host.name] !== undefined);
  return firstFailure(await Promise.all(throttled.map((host) => applyThrottle(lab, host.name))));
};

/** Switches hosts off that are on. */
export const stopHosts = async (
  context: LabContext,
  lab: OpenLab,
  given: { readonly hosts: readonly LabHost[]; readonly how: PowerOff },
): Promise<Result<void, DroverError>> => {
  const on = given.hosts.filter((host) => host.process !== undefined);
  return firstFailure(
    await Promise.all(
      on.map(async (host) => {
        const since = context.clock.monotonic();
        const done = await powerOff(context, lab, host, given.how);
        const durationMs = context.clock.monotonic() - since;
        if (done.ok)
          context.emit({ type: 'host-done', phase: 'lab-stop', host: host.name, durationMs, text: 'off' });
        return done;
      }),
    ),
  );
};

/** What a power command did: the hosts whose state it changed. */
export interface PowerOutcome {
  readonly changed: readonly string[];
}

type PowerCommand = (
  context: LabContext,
  request: ChangeRequest & { readonly hosts: readonly string[] },
) => Promise<Result<PowerOutcome, DroverError>>;

const switchOff =
  (how: PowerOff): PowerCommand =>
  (context, request) =>
    changeLab(context, request, async (lab) => {
      const hosts = hostsOf(lab, request.hosts);
      if (!hosts.ok) return hosts;
      const on = hosts.value.filter((host) => host.process !== undefined);
      const title = `${how === 'crash' ? 'Cutting the power of' : 'Stopping'} ${count(on.length, 'host')}`;
      context.emit({ type: 'phase-start', phase: 'lab-stop', title, total: on.length });
      const done = await stopHosts(context, lab, { hosts: on, how });
      return done.ok ? ok({ changed: on.map((host) => host.name) }) : done;
    });

/** Orderly shutdown; disks stay. */
export const labStop: PowerCommand = switchOff('shutdown');

/** Power cut: nothing is flushed, nothing says goodbye. */
export const labCrash: PowerCommand = switchOff('crash');

/** Power on; waits until sshd answers. */
export const labStart: PowerCommand = (context, request) =>
  changeLab(context, request, async (lab) => {
    const hosts = hostsOf(lab, request.hosts);
    if (!hosts.ok) return hosts;
    const off = hosts.value.filter((host) => host.process === undefined);
    const title = `Starting ${count(off.length, 'host')}`;
    context.emit({ type: 'phase-start', phase: 'lab-boot', title, total: off.length });
    const done = await startHosts(context, lab, off);
    return done.ok ? ok({ changed: off.map((host) => host.name) }) : done;
  });
