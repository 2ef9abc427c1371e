import { componentsOf } from '../../bundle/order/components.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { creatorOf } from './managers.js';
import { missingOwners, ownerKeys, relinked } from './owners.js';
import { persist } from './persist.js';
import { kubeRef } from './refs.js';
import { carriedOf, leave, objectsOf, type Wave } from './wave.js';

/** Owners of objects that own each other, by key: without them these are written first. */
export type Circles = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Objects that own each other, so that none of them can be the first to name its owner. They come to the last wave, since
 * none has its owner before. Each with those of its owners that wait for it in turn.
 */
export const ownerCircles = async (wave: Wave): Promise<Result<Circles, StepFailure>> => {
  if (!wave.params.last) return ok(new Map());
  const planned = objectsOf(wave.params);
  const here = new Set(planned.map(({ key }) => key));
  const owners = new Map<string, readonly string[]>();
  for (const object of planned) {
    const carried = await carriedOf(wave, object);
    if (!carried.ok) return carried;
    owners.set(
      object.key,
      ownerKeys(carried.value, wave.source).filter((key) => here.has(key)),
    );
  }
  const component = componentsOf([...here], owners);
  const circles = [...owners].map(
    ([key, named]) =>
      [key, new Set(named.filter((owner) => component.get(owner) === component.get(key)))] as const,
  );
  return ok(new Map(circles.filter(([, closing]) => closing.size > 0)));
};

/**
 * Names the owners that could not be named when the objects were written; what is linked already stays as it is. Objects
 * of whose circle something is missing are left.
 */
export const linkCircles = async (wave: Wave, circles: Circles): Promise<Result<void, StepFailure>> => {
  const { context, kube, signal, planned, source } = wave;
  for (const key of circles.keys()) {
    const object = planned.get(key);
    if (object === undefined || !wave.there.has(key)) continue;
    const carried = await carriedOf(wave, object);
    if (!carried.ok) return carried;
    const owners = await wave.owners.of(carried.value);
    if (!owners.ok) return owners;
    if (missingOwners(carried.value, source, owners.value).length > 0) {
      leave(wave, object, 'what owns it could not be written');
      continue;
    }
    const { ownerReferences } = relinked(carried.value.object, owners.value).metadata;
    const patch = { metadata: { ownerReferences } };
    const options = { type: 'merge', fieldManager: creatorOf(context.run), signal } as const;
    const done = await persist({ clock: context.clock, signal }, () =>
      kube.patch(kubeRef(object.ref), patch, options),
    );
    if (!done.ok) return err(failureOfKube(done.error, `the owners of ${key} cannot be named`));
  }
  return ok(undefined);
};
