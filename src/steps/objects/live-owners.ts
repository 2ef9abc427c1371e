import { ownersOf } from '../../bundle/leave-out/owners.js';
import type { CarriedObject } from '../../bundle/model/carried-object.js';
import type { Kube, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { LiveOwner } from './owners.js';
import { refIn } from './refs.js';
import type { ObjectSource } from './source.js';

/** Finds the owners of objects on the target, where they have other UIDs. */
export interface LiveOwners {
  /** Owners that are there, by the UID that they have in the source. */
  readonly of: (object: CarriedObject) => Promise<Result<ReadonlyMap<string, LiveOwner>, StepFailure>>;
}

export const liveOwners = (kube: Kube, source: ObjectSource, signal: AbortSignal): LiveOwners => {
  const known = new Map<string, LiveOwner>();
  let served: Promise<readonly KubeResource[]> | undefined;
  const kinds = async (): Promise<readonly KubeResource[]> => {
    const found = await kube.discover({ signal });
    return found.ok ? found.value : [];
  };

  const find = async (uid: string): Promise<Result<LiveOwner | undefined, StepFailure>> => {
    const key = source.keyOfUid(uid);
    const owner = key === undefined ? ok(undefined) : await source.get(key);
    if (!owner.ok) return owner;
    if (owner.value === undefined) return ok(undefined);
    served ??= kinds();
    const { object } = owner.value;
    const ref = refIn(await served, object);
    if (ref === undefined) return ok(undefined);
    const live = await kube.get(ref, { signal });
    if (!live.ok)
      return live.error.kind === 'not-found'
        ? ok(undefined)
        : err(failureOfKube(live.error, `cannot look for the owner ${owner.value.key}`));
    const { apiVersion, kind } = object;
    return ok({ apiVersion, kind, name: object.metadata.name, uid: live.value.metadata.uid ?? '' });
  };

  return {
    of: async (object) => {
      const owners = new Map<string, LiveOwner>();
      for (const { uid } of ownersOf(object.object)) {
        const owner = known.has(uid) ? ok(known.get(uid)) : await find(uid);
        if (!owner.ok) return owner;
        if (owner.value === undefined) continue;
        known.set(uid, owner.value);
        owners.set(uid, owner.value);
      }
      return ok(owners);
    },
  };
};
