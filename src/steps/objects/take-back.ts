import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { eachItem, type ItemRecord } from '../items.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext, TakenBack } from '../step.js';
import { awaitGone, type Leaving } from './await-gone.js';
import { type Fate, fateOf } from './fate.js';
import { isFormer, openFormer } from './former.js';
import { formerPatch, ownersPatch } from './former-patch.js';
import { creatorOf } from './managers.js';
import type { PlannedObject, RestoreParams } from './params.js';
import { persist } from './persist.js';
import { kubeRef } from './refs.js';
import type { ObjectSource } from './source.js';
import { strangersWith } from './strangers.js';
import { objectsOf } from './wave.js';

const AT_ONCE = 16;

/** One wave while it is taken back. */
interface Way {
  readonly context: ApplyContext;
  readonly takes: TakenBack;
  readonly kube: Kube;
  /** Absent when nothing was changed, so that no former state has to be opened. */
  readonly source: ObjectSource | undefined;
  readonly objects: ReadonlyMap<string, PlannedObject>;
  readonly records: ReadonlyMap<string, ItemRecord>;
  readonly leaving: Leaving[];
}

const foreign = (key: string, why: string): StepFailure => ({
  class: 'person',
  code: 'rollback-foreign',
  message: `${key}: ${why}`,
  hint: '--overwrite puts the former state back all the same',
});

const holdsData = (key: string): StepFailure => ({
  class: 'person',
  code: 'rollback-data',
  message: `${key}: its volume would be deleted, which nobody agreed to`,
  hint: 'roll back again: the plan then names the data and asks for the name of the cluster',
});

const send = <T>({ context }: Way, call: () => Promise<Result<T, KubeFailure>>) =>
  persist({ clock: context.clock, signal: context.signal }, call);

const remove = async (way: Way, object: PlannedObject, fate: Extract<Fate, { kind: 'remove' }>) => {
  const { context, kube, takes } = way;
  if (fate.data && !takes.dataAgreed) return err(holdsData(object.key));
  const strangers = await strangersWith({ kube, run: takes.run, signal: context.signal }, fate.live);
  if (!strangers.ok) return strangers;
  if (strangers.value.length > 0 && !takes.overwrite)
    return err(foreign(object.key, `others have put something there: ${sentence(strangers.value)}`));
  const uid = fate.live.metadata.uid ?? '';
  const gone = await send(way, () =>
    kube.delete(kubeRef(object.ref), { uid, propagation: 'Background', signal: context.signal }),
  );
  if (!gone.ok && gone.error.kind !== 'not-found')
    return err(failureOfKube(gone.error, `${object.key} cannot be removed`));
  way.leaving.push({ key: object.key, ref: object.ref, uid });
  return ok('removed');
};

const restore = async (
  way: Way,
  object: PlannedObject,
  { live, former }: { readonly live: KubeObject; readonly former: KubeObject },
) => {
  const { context, kube, takes } = way;
  const patch = formerPatch(live, former);
  if (patch.length === 0) return ok('as it was');
  const ref = kubeRef(object.ref);
  const options = { type: 'json', fieldManager: creatorOf(takes.run), signal: context.signal } as const;
  const done = await kube.patch(ref, patch, options);
  if (!done.ok) return err(failureOfKube(done.error, `${object.key} cannot be put back`));
  const owners = ownersPatch(done.value, former);
  // Who owns which field is a help for those who apply it next, not a part of what it says.
  if (owners.length > 0) await kube.patch(ref, owners, options);
  return ok('put back');
};

const follow = (way: Way, object: PlannedObject, fate: Fate): Promise<Result<string, StepFailure>> => {
  switch (fate.kind) {
    case 'settled':
      return Promise.resolve(ok(fate.why));
    case 'remove':
      return remove(way, object, fate);
    case 'restore':
      return restore(way, object, fate);
    case 'foreign':
      return way.takes.overwrite
        ? follow(way, object, fate.then)
        : Promise.resolve(err(foreign(object.key, fate.why)));
  }
};

const takeOne = async (way: Way, key: string): Promise<Result<string, StepFailure>> => {
  const { context, kube, takes } = way;
  const object = way.objects.get(key);
  const record = way.records.get(key);
  if (object === undefined || record === undefined) throw new Error(`${key} is no object of ${takes.action}`);
  const live = await send(way, () => kube.get(kubeRef(object.ref), { signal: context.signal }));
  if (!live.ok && live.error.kind !== 'not-found')
    return err(failureOfKube(live.error, `cannot look at ${key}`));
  const former = formerOf(way, record);
  if (!former.ok) return former;
  const fate = fateOf({
    run: takes.run,
    record,
    live: live.ok ? live.value : undefined,
    former: former.value,
  });
  return follow(way, object, fate);
};

const formerOf = (
  { source, takes }: Way,
  { key, before }: ItemRecord,
): Result<KubeObject | undefined, StepFailure> =>
  isFormer(before) ? openFormer(source, { run: takes.run, key }, before) : ok(undefined);

const openWay = async (context: ApplyContext, params: RestoreParams): Promise<Result<Way, StepFailure>> => {
  const { takesBack } = context;
  if (takesBack === undefined) throw new Error('only a way back takes objects back');
  const records = await context.itemsOf(takesBack.run, takesBack.action);
  if (!records.ok) return records;
  const changed = records.value.some(({ before }) => isFormer(before));
  const source = changed ? await context.objects() : ok(undefined);
  if (!source.ok) return source;
  const kube = await context.kube();
  if (!kube.ok) return kube;
  return ok({
    context,
    takes: takesBack,
    kube: kube.value,
    source: source.value,
    objects: new Map(objectsOf(params).map((object) => [object.key, object])),
    records: new Map(records.value.map((record) => [record.key, record])),
    leaving: [],
  });
};

/**
 * Takes one wave back: removes what the run made, by UID, and puts back what it changed. What others have changed
 * since stops it before that object is touched. Ends when what was removed is gone.
 */
export const takeBack = async (
  context: ApplyContext,
  params: RestoreParams,
): Promise<Result<void, StepFailure>> => {
  const opened = await openWay(context, params);
  if (!opened.ok) return opened;
  const way = opened.value;
  const ended = await eachItem({
    log: context.items,
    items: [...way.records.keys()].map((key) => ({ key, before: null })),
    work: ({ key }) => takeOne(way, key),
    signal: context.signal,
    concurrency: AT_ONCE,
  });
  if (!ended.ok) return ended;
  const [first] = ended.value.failed;
  if (first !== undefined) {
    const more = ended.value.failed.slice(1).map(({ key, detail }) => `${key}: ${detail ?? ''}`);
    const cause = [first.failure.cause ?? '', ...more].filter((text) => text !== '').join('\n');
    return err({ ...first.failure, ...(cause === '' ? {} : { cause }) });
  }
  const { clock, signal, progress } = context;
  return awaitGone({ kube: way.kube, clock, signal, progress }, way.leaving);
};
