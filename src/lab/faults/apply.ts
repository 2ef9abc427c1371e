import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import type { ExecOutput } from '../exec.js';
import { firstFailure } from '../first-failure.js';
import { runInHost } from '../host/inside.js';
import { powerOff } from '../host/power.js';
import { gatewayNetns } from '../names.js';
import { checkInNetns } from '../network/netns.js';
import { startHosts } from '../operate.js';
import type { LabHost } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';
import type { Fault, FaultTarget, HostFault, NetworkFault } from './fault.js';
import { networkFaultRules } from './network-rules.js';
import { withPrelude } from './prelude.js';

/** A fault and the hosts it is put on, or taken from. */
export interface FaultWork {
  readonly fault: Fault;
  readonly targets: readonly LabHost[];
}

type Verb = 'inject' | 'heal' | 'check';

const SCRIPT_MS = 60_000;

const runScript = async (
  lab: OpenLab,
  fault: HostFault,
  verb: Verb,
  target: FaultTarget,
): Promise<Result<ExecOutput, DroverError>> =>
  runInHost(lab, target.host.name, withPrelude(fault.id, fault[verb](target)), { timeoutMs: SCRIPT_MS });

const scriptError = (fault: Fault, host: string, what: string, output: ExecOutput): DroverError =>
  labError('lab-fault', `${fault.id} on ${host}: ${what}`, {
    host,
    cause: printable(`${output.stdout}${output.stderr}`).trim().split('\n').slice(-5).join('\n'),
    state: 'the host may be half broken; `drover lab heal` can be repeated, `drover lab reset` makes it new',
  });

/** Runs a script and looks whether it had its effect: a fault that cannot be seen is no fault. */
const changeHost = async (
  lab: OpenLab,
  fault: HostFault,
  verb: 'inject' | 'heal',
  target: FaultTarget,
): Promise<Result<void, DroverError>> => {
  const done = await runScript(lab, fault, verb, target);
  if (!done.ok) return done;
  if (done.value.status !== 0)
    return err(scriptError(fault, target.host.name, `the ${verb} script failed`, done.value));
  const seen = await runScript(lab, fault, 'check', target);
  if (!seen.ok) return seen;
  const present = seen.value.status === 0;
  if (present === (verb === 'inject')) return ok(undefined);
  const what = present ? 'the fault is still there' : 'the fault had no effect';
  return err(scriptError(fault, target.host.name, what, seen.value));
};

const changeHosts = async (
  lab: OpenLab,
  fault: HostFault,
  verb: 'inject' | 'heal',
  targets: readonly LabHost[],
): Promise<Result<void, DroverError>> => {
  const { plan, hosts } = lab.state();
  const names = new Set(targets.map((host) => host.name));
  const others = hosts.filter((host) => !names.has(host.name));
  return firstFailure(
    await Promise.all(
      targets.map((host, index) => changeHost(lab, fault, verb, { plan, host, index, targets, others })),
    ),
  );
};

/** Makes the lab's own forwarding match the wanted targets; none = the fault is gone. */
const changeNetwork = async (
  lab: OpenLab,
  fault: NetworkFault,
  targets: readonly LabHost[],
): Promise<Result<void, DroverError>> => {
  const { plan } = lab.state();
  const input = networkFaultRules(plan, fault, targets);
  const done = await checkInNetns(gatewayNetns(plan), ['nft', '-f', '-'], { input });
  return done.ok ? ok(undefined) : done;
};

/** Puts a fault on its targets and proves that it is there. */
export const injectFault = async (
  context: LabContext,
  lab: OpenLab,
  { fault, targets }: FaultWork,
): Promise<Result<void, DroverError>> => {
  switch (fault.place) {
    case 'host':
      return changeHosts(lab, fault, 'inject', targets);
    case 'network':
      return changeNetwork(lab, fault, targets);
    case 'power':
      return firstFailure(await Promise.all(targets.map((host) => powerOff(context, lab, host, 'crash'))));
  }
};

/** Takes a fault from its targets and proves that it is gone. `remaining` still have it. */
export const healFault = async (
  context: LabContext,
  lab: OpenLab,
  { fault, targets, remaining }: FaultWork & { readonly remaining: readonly LabHost[] },
): Promise<Result<void, DroverError>> => {
  switch (fault.place) {
    case 'host':
      return changeHosts(lab, fault, 'heal', targets);
    case 'network':
      return changeNetwork(lab, fault, remaining);
    case 'power':
      return startHosts(context, lab, targets);
  }
};
