import type { DroverError } from '../core/error.js';
import { err, ok, partition, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import type { LabContext } from './context.js';
import { labError } from './errors.js';
import { labPaths } from './paths.js';
import { chooseLab } from './realm.js';
import { withLock } from './state/lock.js';
import type { LabHost } from './state/schema.js';
import { type OpenLab, openLab, readState } from './state/store.js';

export interface ChangeRequest {
  /** Name of the lab; absent = the only one there is. */
  readonly lab: string | undefined;
  /** Words after `drover`, shown to whoever finds the lab locked. */
  readonly purpose: string;
}

/** Does something with a lab that is up, while nobody else changes it. */
export const changeLab = async <T>(
  context: LabContext,
  request: ChangeRequest,
  work: (lab: OpenLab) => Promise<Result<T, DroverError>>,
): Promise<Result<T, DroverError>> => {
  if (process.getuid?.() !== 0) {
    return err(
      labError('lab-needs-root', 'A lab can only be changed by root', {
        hint: 'run the same command with `sudo`',
      }),
    );
  }
  const name = await chooseLab(request.lab, context.env);
  if (!name.ok) return name;
  const paths = labPaths(context.env, name.value);
  return withLock(paths.home, `${request.purpose} (lab ${name.value})`, async () => {
    const state = await readState(paths);
    if (!state.ok) return state;
    if (state.value?.phase === 'up') return work(openLab(context.env, name.value, state.value));
    return err(
      labError('lab-not-found', `The lab '${name.value}' is not up`, {
        hint: 'an interrupted command left it; `drover lab up` removes the rest and starts it afresh',
      }),
    );
  });
};

/** The named hosts of a lab, all of them when none is named; unknown names are an error. */
export const hostsOf = (lab: OpenLab, names: readonly string[]): Result<readonly LabHost[], DroverError> => {
  const { hosts, plan } = lab.state();
  if (names.length === 0) return ok(hosts);
  const found = partition(
    names.map((name): Result<LabHost, string> => {
      const host = hosts.find((entry) => entry.name === name);
      return host === undefined ? err(name) : ok(host);
    }),
  );
  if (found.errors.length === 0) return ok(found.values);
  return err(
    labError('lab-host-unknown', `The lab '${plan.name}' has no host ${sentence(found.errors)}`, {
      hint: `its hosts: ${sentence(
        hosts.map((host) => host.name),
        12,
      )}`,
    }),
  );
};

/** As {@link hostsOf}, and all of them must be running. */
export const runningHosts = (
  lab: OpenLab,
  names: readonly string[],
): Result<readonly LabHost[], DroverError> => {
  const hosts = hostsOf(lab, names);
  if (!hosts.ok) return hosts;
  const off = hosts.value.filter((host) => host.process === undefined).map((host) => host.name);
  if (off.length === 0) return hosts;
  return err(
    labError('lab-host-power', `${sentence(off)} ${off.length === 1 ? 'is' : 'are'} switched off`, {
      hint: `drover lab start ${off.join(' ')}`,
    }),
  );
};
