import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { count } from '../core/text.js';
import { type ChangeRequest, changeLab, hostsOf, runningHosts } from './change.js';
import type { LabContext } from './context.js';
import { labError } from './errors.js';
import { healFault, injectFault } from './faults/apply.js';
import type { Fault } from './faults/fault.js';
import { findFault } from './faults/list.js';
import { defaultTargets, leastTargets } from './faults/targets.js';
import type { LabHost } from './state/schema.js';
import type { OpenLab } from './state/store.js';

const unknownFault = (id: string): DroverError =>
  labError('lab-fault-unknown', `There is no fault '${id}'`, { hint: '`drover lab break` lists the faults' });

const chooseTargets = (
  lab: OpenLab,
  fault: Fault,
  names: readonly string[],
): Result<readonly LabHost[], DroverError> => {
  const wanted = names.length > 0 ? names : defaultTargets(fault, lab.state().hosts).map((host) => host.name);
  if (wanted.length < leastTargets(fault)) {
    return err(
      labError(
        'lab-fault',
        `${fault.id} needs ${count(leastTargets(fault), 'host')}, ${wanted.length} given`,
        {
          hint: 'repeat --host HOST',
        },
      ),
    );
  }
  // Off is what this fault is about; all others need somebody to run their scripts.
  return fault.place === 'power' ? hostsOf(lab, wanted) : runningHosts(lab, wanted);
};

export interface BreakRequest extends ChangeRequest {
  readonly fault: string;
  /** Hosts to break; empty = those that the fault chooses. */
  readonly hosts: readonly string[];
}

/** What was broken: the fault and the hosts that have it now. */
export interface Broken {
  readonly fault: Fault;
  readonly hosts: readonly string[];
}

/** Breaks something on purpose. The record is written first, so that an interrupted break can be healed. */
export const labBreak = (context: LabContext, request: BreakRequest): Promise<Result<Broken, DroverError>> =>
  changeLab(context, request, async (lab) => {
    const fault = findFault(request.fault);
    if (fault === undefined) return err(unknownFault(request.fault));
    const targets = chooseTargets(lab, fault, request.hosts);
    if (!targets.ok) return targets;
    const hosts = targets.value.map((host) => host.name);
    const at = new Date(context.clock.now()).toISOString();
    await lab.update((state) => ({
      ...state,
      faults: [
        ...state.faults.filter(({ id, host }) => id !== fault.id || !hosts.includes(host)),
        ...hosts.map((host) => ({ id: fault.id, host, at })),
      ],
    }));
    const broken = await injectFault(context, lab, { fault, targets: targets.value });
    return broken.ok ? ok({ fault, hosts }) : broken;
  });

export interface HealRequest extends ChangeRequest {
  /** Absent = all faults. */
  readonly fault: string | undefined;
  /** Empty = wherever the fault is. */
  readonly hosts: readonly string[];
}

/** What was healed. */
export interface Healed {
  readonly id: string;
  readonly hosts: readonly string[];
}

const healOne = async (
  context: LabContext,
  lab: OpenLab,
  { id, hosts }: Healed,
): Promise<Result<void, DroverError>> => {
  const fault = findFault(id);
  if (fault === undefined) return err(unknownFault(id));
  const all = lab.state().hosts;
  const has = (host: LabHost): boolean =>
    lab.state().faults.some((entry) => entry.id === id && entry.host === host.name);
  const targets = all.filter((host) => hosts.includes(host.name));
  if (fault.place === 'host') {
    const running = runningHosts(lab, hosts);
    if (!running.ok) return running;
  }
  const remaining = all.filter((host) => has(host) && !hosts.includes(host.name));
  const healed = await healFault(context, lab, { fault, targets, remaining });
  if (!healed.ok) return healed;
  await lab.update((state) => ({
    ...state,
    faults: state.faults.filter((entry) => entry.id !== id || !hosts.includes(entry.host)),
  }));
  return ok(undefined);
};

/** Takes faults away again, the latest first, power first of all: scripts need running hosts. */
export const labHeal = (
  context: LabContext,
  request: HealRequest,
): Promise<Result<readonly Healed[], DroverError>> =>
  changeLab(context, request, async (lab) => {
    if (request.fault !== undefined && findFault(request.fault) === undefined)
      return err(unknownFault(request.fault));
    const known = hostsOf(lab, request.hosts);
    if (!known.ok) return known;
    const matching = lab
      .state()
      .faults.filter(
        ({ id, host }) => id === (request.fault ?? id) && known.value.some(({ name }) => name === host),
      );
    const ids = [...new Set(matching.map(({ id }) => id).reverse())];
    const powerFirst = ids.toSorted((a, b) => Number(isPower(b)) - Number(isPower(a)));
    const healed: Healed[] = [];
    for (const id of powerFirst) {
      const hosts = matching.filter((entry) => entry.id === id).map((entry) => entry.host);
      const done = await healOne(context, lab, { id, hosts });
      if (!done.ok) return done;
      healed.push({ id, hosts });
    }
    return ok(healed);
  });

const isPower = (id: string): boolean => findFault(id)?.place === 'power';
