import type { CarriedObject } from '../../bundle/model/carried-object.js';
import type { KubeFailure, KubeObject } from '../../core/ports/kube.js';
import type { Item } from '../items.js';
import { sealFormer } from './former.js';
import { creatorOf, isComputed } from './managers.js';
import { needsOf, relinked } from './owners.js';
import type { PlannedObject, RestoreParams } from './params.js';
import { persist } from './persist.js';
import { prepared } from './prepare.js';
import { kubeRef } from './refs.js';
import { carriedOf, leave, refused, type Wave } from './wave.js';

/**
 * What becomes of an object that is there already. Objects that the cluster itself made, such as the account `default`
 * of a new namespace, are nobody's: they are changed whatever was asked for.
 */
export const onExisting = (live: KubeObject, existing: RestoreParams['existing']): typeof existing =>
  isComputed(live) ? 'update' : existing;

const existing = (wave: Wave, planned: PlannedObject, live: KubeObject): Item | undefined => {
  const { key } = planned;
  switch (onExisting(live, wave.params.existing)) {
    case 'update':
      return { key, before: sealFormer(wave.source, { run: wave.context.run, key }, live) };
    case 'skip':
      wave.there.add(key);
      return undefined;
    case 'fail':
      leave(wave, planned, 'it is there already, and spec.restore.existing is fail');
      return undefined;
  }
};

const lookedUp = async (wave: Wave, planned: PlannedObject): Promise<Item | undefined> => {
  const live = await persist({ clock: wave.context.clock, signal: wave.signal }, () =>
    wave.kube.get(kubeRef(planned.ref), { signal: wave.signal }),
  );
  if (live.ok) return existing(wave, planned, live.value);
  if (live.error.kind === 'not-found') return { key: planned.key, before: null };
  refused(wave, planned, live.error);
  return undefined;
};

/** What a plan could not ask: a dry run just before the wave is written. */
const dryRun = async (
  wave: Wave,
  planned: PlannedObject,
  carried: CarriedObject,
): Promise<KubeFailure | undefined> => {
  const owners = await wave.owners.of(carried);
  if (!owners.ok) return undefined;
  const object = relinked(prepared(carried.object, wave.params), owners.value);
  const { name: _name, ...at } = kubeRef(planned.ref);
  const answer = await persist({ clock: wave.context.clock, signal: wave.signal }, () =>
    wave.kube.create(at, object, {
      dryRun: true,
      fieldManager: creatorOf(wave.context.run),
      fieldValidation: 'Strict',
      signal: wave.signal,
    }),
  );
  return answer.ok ? undefined : answer.error;
};

/** Webhooks that say that they have effects of their own refuse every dry run. */
const refusesDryRuns = ({ message }: KubeFailure): boolean => message.includes('does not support dry run');

const judged = async (
  wave: Wave,
  planned: PlannedObject,
  carried: CarriedObject,
): Promise<Item | undefined> => {
  const failure = await dryRun(wave, planned, carried);
  if (failure === undefined || refusesDryRuns(failure)) return { key: planned.key, before: null };
  if (failure.kind === 'already-exists') return lookedUp(wave, planned);
  refused(wave, planned, failure);
  return undefined;
};

/** The first thing that an object needs and that is not written. */
const lacking = (wave: Wave, planned: PlannedObject, carried: CarriedObject): string | undefined =>
  needsOf(planned, carried, wave.source).find(
    (key) => wave.left.has(key) && key !== planned.key && wave.circles.get(planned.key)?.has(key) !== true,
  );

/**
 * Looks at one object before its batch is written: its former state goes into the journal first. Undefined = it is
 * not written; why stands in the wave.
 */
export const look = async (wave: Wave, planned: PlannedObject): Promise<Item | undefined> => {
  if (planned.verdict === 'keep') {
    wave.there.add(planned.key);
    return undefined;
  }
  const carried = await carriedOf(wave, planned);
  if (!carried.ok) {
    wave.halt(carried.error);
    return undefined;
  }
  const lacks = lacking(wave, planned, carried.value);
  if (lacks !== undefined) {
    leave(wave, planned, `it needs ${lacks}, which is not there`);
    return undefined;
  }
  const item =
    planned.verdict === 'create'
      ? { key: planned.key, before: null }
      : planned.verdict === 'update'
        ? await lookedUp(wave, planned)
        : await judged(wave, planned, carried.value);
  if (item !== undefined) wave.ready.set(planned.key, carried.value);
  return item;
};
