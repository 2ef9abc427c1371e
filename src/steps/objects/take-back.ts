import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { eachItem, type ItemRecord } from '../items.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext, TakenBack } from '../step.js';
import { awaitGone, type Leaving } from './await-gone.js';
import { uidOf } from './detail.js';
import { type Fate, fateOf } from './fate.js';
import { isFormer, openFormer } from './former.js';
import { formerPatch, ownersPatch } from './former-patch.js';
import type { Sought } from './live.js';
import { creatorOf } from './managers.js';
import { persist } from './persist.js';
import { prepared } from './prepare.js';
import { kubeRef } from './refs.js';
import type { Sealer } from './source.js';
import { strangersWith } from './strangers.js';

const AT_ONCE = 16;
/** Nothing of it is held back. */
const AS_IT_WAS = { replicas: 'keep', cronJobs: 'keep' } as const;

/** What is taken back, and how. */
export interface TakingBack {
  /** Everything that the action may have written. */
  readonly objects: readonly Sought[];
  /** Opens former states; asked only when something was changed. */
  readonly sealer: () => Promise<Result<Sealer, StepFailure>>;
  /** Whether an object is the action’s own whose answer was lost; beside what its managers tell. */
  readonly claims?: (live: KubeObject) => boolean;
  /** Which go together, one group after another; default: all at once. */
  readonly groups?: (keys: readonly string[]) => readonly (readonly string[])[];
}

/** One action while it is taken back. */
interface Way {
  readonly context: ApplyContext;
  readonly takes: TakenBack;
  readonly kube: Kube;
  /** Absent when nothing was changed, so that no former state has to be opened. */
  readonly sealer: Sealer | undefined;
  readonly objects: ReadonlyMap<string, Sought>;
  readonly records: ReadonlyMap<string, ItemRecord>;
  readonly claims: NonNullable<TakingBack['claims']>;
  /** UIDs of what the action made. */
  readonly made: ReadonlySet<string>;
  leaving: Leaving[];
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

const remove = async (way: Way, object: Sought, fate: Extract<Fate, { kind: 'remove' }>) => {
  const { context, kube, takes } = way;
  if (fate.data && !takes.dataAgreed) return err(holdsData(object.key));
  const strangers = await strangersWith(
    { kube, run: takes.run, made: way.made, signal: context.signal },
    fate.live,
  );
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
  object: Sought,
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

/** Makes an object again that the action had removed. */
const remake = async (way: Way, object: Sought, former: KubeObject) => {
  const { context, kube, takes } = way;
  const { name: _name, ...at } = kubeRef(object.ref);
  const options = { fieldManager: creatorOf(takes.run), signal: context.signal };
  const made = await send(way, () => kube.create(at, prepared(former, AS_IT_WAS), options));
  return made.ok || made.error.kind === 'already-exists'
    ? ok('made again')
    : err(failureOfKube(made.error, `${object.key} cannot be made again`));
};

const follow = (way: Way, object: Sought, fate: Fate): Promise<Result<string, StepFailure>> => {
  switch (fate.kind) {
    case 'settled':
      return Promise.resolve(ok(fate.why));
    case 'remove':
      return remove(way, object, fate);
    case 'restore':
      return restore(way, object, fate);
    case 'remake':
      return remake(way, object, fate.former);
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
    claims: way.claims,
  });
  return follow(way, object, fate);
};

const formerOf = (
  { sealer, takes }: Way,
  { key, before }: ItemRecord,
): Result<KubeObject | undefined, StepFailure> =>
  isFormer(before) ? openFormer(sealer, { run: takes.run, key }, before) : ok(undefined);

const openWay = async (context: ApplyContext, taking: TakingBack): Promise<Result<Way, StepFailure>> => {
  const { takesBack } = context;
  if (takesBack === undefined) throw new Error('only a way back takes objects back');
  const records = await context.itemsOf(takesBack.run, takesBack.action);
  if (!records.ok) return records;
  const changed = records.value.some(({ before }) => isFormer(before));
  const sealer = changed ? await taking.sealer() : ok(undefined);
  if (!sealer.ok) return sealer;
  const kube = await context.kube();
  if (!kube.ok) return kube;
  return ok({
    context,
    takes: takesBack,
    kube: kube.value,
    sealer: sealer.value,
    objects: new Map(taking.objects.map((object) => [object.key, object])),
    records: new Map(records.value.map((record) => [record.key, record])),
    claims: taking.claims ?? (() => false),
    made: new Set(records.value.flatMap(({ detail }) => uidOf(detail) ?? [])),
    leaving: [],
  });
};

const takeGroup = async (way: Way, keys: readonly string[]): Promise<Result<void, StepFailure>> => {
  const { context } = way;
  const ended = await eachItem({
    log: { ...context.items, open: context.items.open.filter(({ key }) => keys.includes(key)) },
    items: keys.map((key) => ({ key, before: null })),
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
  const gone = await awaitGone({ kube: way.kube, clock, signal, progress }, way.leaving);
  way.leaving = [];
  return gone;
};

/**
 * Takes one action back: removes what it made, by UID, puts back what it changed, and makes again what it removed. What
 * others have changed since stops it before that object is touched. Ends when what was removed is gone.
 */
export const takeBack = async (
  context: ApplyContext,
  taking: TakingBack,
): Promise<Result<void, StepFailure>> => {
  const opened = await openWay(context, taking);
  if (!opened.ok) return opened;
  const keys = [...opened.value.records.keys()];
  for (const group of taking.groups?.(keys) ?? [keys]) {
    const taken = await takeGroup(opened.value, group);
    if (!taken.ok) return taken;
  }
  return ok(undefined);
};
