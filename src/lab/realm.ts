import type { DroverError } from '../core/error.js';
import type { HostTarget } from '../core/ports/transport.js';
import type { Realm, RealmPaths } from '../core/realm.js';
import { err, ok, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import { labError } from './errors.js';
import { operatorNetns } from './names.js';
import { labPaths } from './paths.js';
import { listLabs, readState } from './state/store.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A lab that commands can work in. */
export interface LabRealm {
  readonly realm: Realm & { readonly kind: 'lab' };
  readonly paths: RealmPaths;
  /** Name of the network namespace (below /run/netns) from which the lab's hosts can be reached. */
  readonly netns: string;
}

/** The lab that is meant: by name, or the only one there is. */
export const chooseLab = async (name: string | undefined, env: Env): Promise<Result<string, DroverError>> => {
  const labs = await listLabs(env);
  if (name !== undefined) {
    if (labs.includes(name)) return ok(name);
    const hint = labs.length === 0 ? '`drover lab up` makes one' : `labs here: ${sentence(labs, 12)}`;
    return err(labError('lab-not-found', `There is no lab '${name}'`, { hint }));
  }
  const [only, ...others] = labs;
  if (only === undefined)
    return err(labError('lab-not-found', 'There is no lab', { hint: '`drover lab up` makes one' }));
  if (others.length === 0) return ok(only);
  return err(
    labError('lab-ambiguous', `There are several labs: ${sentence(labs, 12)}`, {
      hint: 'name one: `--lab NAME`',
    }),
  );
};

/** Finds a lab for `--lab [NAME]`: its files and its network. Fails unless it is completely up. */
export const labRealm = async (
  name: string | undefined,
  env: Env,
): Promise<Result<LabRealm, DroverError>> => {
  const chosen = await chooseLab(name, env);
  if (!chosen.ok) return chosen;
  const paths = labPaths(env, chosen.value);
  const state = await readState(paths);
  if (!state.ok) return state;
  if (state.value?.phase !== 'up') {
    return err(
      labError('lab-not-found', `The lab '${chosen.value}' is not up`, {
        cause: state.value === undefined ? 'it has no record' : `its record says '${state.value.phase}'`,
        hint: 'another command may be working on it; if not, `drover lab up` removes the rest and starts it afresh',
      }),
    );
  }
  return ok({
    realm: { kind: 'lab', name: chosen.value },
    paths,
    netns: operatorNetns({ name: chosen.value }),
  });
};

/**
 * A host of the spec as it is reached in a lab: the address, name, user and port are the spec's; keys, jump hosts
 * and pinned fingerprints belong to the real machines, and the lab's ssh configuration replaces them.
 */
export const targetInLab = ({ name, address, user, port, sudo }: HostTarget): HostTarget => ({
  name,
  address,
  ...(user === undefined ? {} : { user }),
  ...(port === undefined ? {} : { port }),
  ...(sudo === undefined ? {} : { sudo }),
});
