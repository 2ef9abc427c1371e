import { idOf, idText, kindName } from '../../bundle/model/object-id.js';
import { rankOf, stageOf } from '../../bundle/order/stages.js';
import type { KubeFailure, KubeResource } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { strangersWith } from '../objects/strangers.js';
import { addressOf, compareSet, type SetAccess } from './assess.js';
import { type Labelled, labelledObjects } from './labelled.js';
import type { LiveObject, LiveSet } from './live-set.js';
import { emptySet, type ObjectSet } from './object-set.js';

/** Somebody's data, or a promise of it: a set that loses one leaves it behind. */
const DATA = new Set(['PersistentVolumeClaim', 'PersistentVolume']);

const isLost = (set: ObjectSet): ((each: Labelled) => boolean) => {
  const wanted = new Set(set.objects.map((object) => idText(idOf(object))));
  return ({ set: of, object }) =>
    of === set.name && !DATA.has(kindName(idOf(object))) && !wanted.has(idText(idOf(object)));
};

/** Namespaces and definitions take along what others put there; those that would stay. */
const isFree = async (
  { kube, signal }: SetAccess,
  { object }: Labelled,
  own: ReadonlySet<string>,
): Promise<Result<boolean, StepFailure>> => {
  const strangers = await strangersWith({ kube, run: '', made: own, signal }, object);
  return strangers.ok ? ok(strangers.value.length === 0) : strangers;
};

const prunedOf = ({ resource, object }: Labelled): LiveObject => {
  const { namespace, name } = object.metadata;
  return {
    key: idText(idOf(object)),
    ref: addressOf({ resource, name, ...(namespace === undefined ? {} : { namespace }) }),
    verdict: 'prune',
    diff: [],
    conflicts: [],
  };
};

/** What a set has lost, last things first. */
const pruned = async (
  access: SetAccess,
  set: ObjectSet,
  labelled: readonly Labelled[],
): Promise<Result<readonly LiveObject[], StepFailure>> => {
  const lost = labelled.filter(isLost(set));
  // Data that the set leaves behind keeps its namespace.
  const own = new Set(
    labelled
      .filter(({ set: of, object }) => of === set.name && !DATA.has(kindName(idOf(object))))
      .map(({ object }) => object.metadata.uid ?? ''),
  );
  const going: Labelled[] = [];
  for (const each of lost) {
    const free = await isFree(access, each, own);
    if (!free.ok) return free;
    if (free.value) going.push(each);
  }
  return ok(going.sort((a, b) => rankOf(stageOf(b.object)) - rankOf(stageOf(a.object))).map(prunedOf));
};

const asked = (failure: KubeFailure): StepFailure =>
  failureOfKube(failure, 'the cluster cannot be asked about object sets');

const seeSet = async (
  access: SetAccess,
  set: ObjectSet,
  { kinds, labelled }: { readonly kinds: readonly KubeResource[]; readonly labelled: readonly Labelled[] },
): Promise<Result<LiveSet, StepFailure>> => {
  const compared = await compareSet(access, set, kinds);
  if (!compared.ok) return err(asked(compared.error));
  const lost = await pruned(access, set, labelled);
  return lost.ok ? ok({ ...compared.value, objects: [...compared.value.objects, ...lost.value] }) : lost;
};

/**
 * Object sets as they live in a cluster: `wanted` ones, compared object by object, and with `all` also those that are
 * wanted no more. Nothing is written.
 */
export const seeSets = async (
  access: SetAccess,
  wanted: readonly ObjectSet[],
  names: readonly string[] | 'all',
): Promise<Result<readonly LiveSet[], StepFailure>> => {
  const kinds = await access.kube.discover({ signal: access.signal });
  if (!kinds.ok) return err(asked(kinds.error));
  const [only] = names === 'all' ? [] : names;
  const labelled = await labelledObjects(access, kinds.value, names.length === 1 ? only : undefined);
  if (!labelled.ok) return err(asked(labelled.error));
  const known = new Map(wanted.map((set) => [set.name, set]));
  const sought =
    names === 'all' ? [...new Set([...known.keys(), ...labelled.value.map(({ set }) => set)])] : names;
  const seen = await Promise.all(
    sought.map((name) =>
      seeSet(access, known.get(name) ?? emptySet(name), { kinds: kinds.value, labelled: labelled.value }),
    ),
  );
  const { values, errors } = partition(seen);
  const [failed] = errors;
  if (failed !== undefined) return err(failed);
  // Nothing is left of it, or nothing that may go.
  return ok(values.filter(({ name, objects }) => known.has(name) || objects.length > 0 || names !== 'all'));
};
