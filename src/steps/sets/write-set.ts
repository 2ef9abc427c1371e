import { idOf, idText } from '../../bundle/model/object-id.js';
import { stageOf } from '../../bundle/order/stages.js';
import { mapAtOnce } from '../../core/map-at-once.js';
import type { KubeObject, KubeRef, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { eachItem, type Item, type ItemLog } from '../items.js';
import { failureOfKube } from '../kube-failure.js';
import { awaitGone, type Leaving } from '../objects/await-gone.js';
import { type Former, sealFormer } from '../objects/former.js';
import { APPLIER } from '../objects/managers.js';
import { persist } from '../objects/persist.js';
import { kubeRef, refIn } from '../objects/refs.js';
import { awaitReady } from './await-ready.js';
import { awaitUsable, isNeeded } from './await-usable.js';
import { runsBefore } from './hooks.js';
import type { LiveObject } from './live-set.js';
import { SET_ANNOTATION } from './object-set.js';
import type { Writing } from './writing.js';

/** Requests at the same time; others use the API as well. */
const AT_ONCE = 8;

/** State of an object that is changed or removed, as the journal keeps it. */
const formerOf = ({ context, sealer }: Writing, key: string, live: KubeObject): Former =>
  sealFormer(sealer, { run: context.run, key }, live);

type Group = readonly KubeObject[];

/** Neighbours of one stage are written at the same time; definitions and namespaces must be usable before the next. */
const groupsOf = (objects: readonly KubeObject[]): readonly Group[] => {
  const groups: KubeObject[][] = [];
  let last = '';
  for (const object of objects) {
    const stage = stageOf(object);
    if (stage === last) groups.at(-1)?.push(object);
    else groups.push([object]);
    last = stage;
  }
  return groups;
};

const unserved = ({ apiVersion, kind }: KubeObject, key: string): StepFailure => ({
  class: 'permanent',
  code: 'set-kind-unserved',
  message: `${key}: the cluster serves no ${kind} of ${apiVersion}`,
});

const refOf = (kinds: readonly KubeResource[], object: KubeObject): Result<KubeRef, StepFailure> => {
  const ref = refIn(kinds, object);
  return ref === undefined ? err(unserved(object, idText(idOf(object)))) : ok(ref);
};

/** A namespace serves whoever is in it: one that is there already is left as it is. */
const isOthersNamespace = (object: KubeObject, live: KubeObject, set: string): boolean =>
  object.kind === 'Namespace' &&
  object.apiVersion === 'v1' &&
  live.metadata.annotations?.[SET_ANNOTATION] !== set;

interface Placed {
  readonly object: KubeObject;
  readonly ref: KubeRef;
}

const placesOf = (
  objects: readonly KubeObject[],
  kinds: readonly KubeResource[],
): Result<ReadonlyMap<string, Placed>, StepFailure> => {
  const placed = new Map<string, Placed>();
  for (const object of objects) {
    const ref = refOf(kinds, object);
    if (!ref.ok) return ref;
    placed.set(idText(idOf(object)), { object, ref: ref.value });
  }
  return ok(placed);
};

/** Objects whose former states are in the journal, and a log that knows it. */
interface Intents {
  readonly placed: ReadonlyMap<string, Placed>;
  readonly items: readonly Item[];
  readonly log: ItemLog;
}

/**
 * Looks at objects just before they are written, and puts all their former states into the journal at once: that waits
 * for a copy elsewhere. Those that an earlier attempt has begun stay with what it found.
 */
const intended = async (writing: Writing, placed: Intents['placed']): Promise<Intents> => {
  const { context, kube, set } = writing;
  const begun = new Set([...context.items.finished, ...context.items.open.map(({ key }) => key)]);
  const fresh = [...placed].filter(([key]) => !begun.has(key));
  const looked = await mapAtOnce(fresh, AT_ONCE, async ([key, { object, ref }]): Promise<readonly Item[]> => {
    const live = await persist(context, () => kube.get(ref, { signal: context.signal }));
    if (live.ok && isOthersNamespace(object, live.value, set.name)) return [];
    return [{ key, before: live.ok ? formerOf(writing, key, live.value) : null }];
  });
  const items = looked.flat();
  const batch = items.length === 0 ? 0 : await context.items.intend(items);
  return { placed, items, log: { ...context.items, intend: () => Promise.resolve(batch) } };
};

const firstOf = (ended: Awaited<ReturnType<typeof eachItem>>): Result<void, StepFailure> => {
  if (!ended.ok) return ended;
  const [first, ...others] = ended.value.failed;
  if (first === undefined) return ok(undefined);
  const more = others.map(({ failure }) => [failure.message, failure.cause ?? ''].filter(Boolean).join(': '));
  const cause = [first.failure.cause ?? '', ...more].filter(Boolean).join('\n');
  return err({ ...first.failure, ...(cause === '' ? {} : { cause }) });
};

const writeGroup = async (
  writing: Writing,
  group: Group,
  { placed, items, log }: Intents,
): Promise<Result<void, StepFailure>> => {
  const { context, kube } = writing;
  const keys = new Set(group.map((object) => idText(idOf(object))));
  const ended = await eachItem({
    log: { ...log, open: log.open.filter(({ key }) => keys.has(key)) },
    items: items.filter(({ key }) => keys.has(key)),
    concurrency: AT_ONCE,
    signal: context.signal,
    work: async ({ key }) => {
      const place = placed.get(key);
      if (place === undefined) throw new Error(`${key} is no object of ${writing.set.name}`);
      const options = {
        fieldManager: APPLIER,
        force: true,
        fieldValidation: 'Strict',
        signal: context.signal,
      } as const;
      const done = await persist(context, () => kube.apply(place.ref, place.object, options));
      return done.ok
        ? ok(`uid ${done.value.metadata.uid ?? ''}`)
        : err(failureOfKube(done.error, `${key} cannot be applied`));
    },
  });
  return firstOf(ended);
};

/** Nothing of a later group can be looked at, or may be there, before this one is at work. */
const isGate = (group: readonly KubeObject[]): boolean => group.some(isNeeded) || group.some(runsBefore);

/** Groups up to one that must be at work first. */
const spansOf = (groups: readonly Group[]): readonly (readonly Group[])[] => {
  const spans: Group[][] = [[]];
  for (const group of groups) {
    spans.at(-1)?.push(group);
    if (isGate(group)) spans.push([]);
  }
  return spans.filter((span) => span.length > 0);
};

const writeSpan = async (
  writing: Writing,
  span: readonly Group[],
  kinds: readonly KubeResource[],
): Promise<Result<'new kinds' | 'as before', StepFailure>> => {
  const { set } = writing;
  const placed = placesOf(span.flat(), kinds);
  if (!placed.ok) return placed;
  const intents = await intended(writing, placed.value);
  for (const group of span) {
    const written = await writeGroup(writing, group, intents);
    if (!written.ok) return written;
  }
  const last = span.at(-1) ?? [];
  const usable = await awaitUsable(writing, last);
  if (!usable.ok) return usable;
  const before = last.filter(runsBefore);
  const ended =
    before.length === 0 ? ok(undefined) : await awaitReady({ ...writing, set: { ...set, objects: before } });
  return ended.ok ? usable : ended;
};

/** Writes the objects of a set in their order. */
export const writeSet = async (writing: Writing): Promise<Result<void, StepFailure>> => {
  const { context, kube, set } = writing;
  let kinds = await kube.discover({ signal: context.signal });
  for (const span of spansOf(groupsOf(set.objects))) {
    if (!kinds.ok) return err(failureOfKube(kinds.error, 'the kinds of the cluster cannot be read'));
    const written = await writeSpan(writing, span, kinds.value);
    if (!written.ok) return written;
    if (written.value === 'new kinds') kinds = await kube.discover({ signal: context.signal });
  }
  return ok(undefined);
};

/** Removes what a set has lost; what it found there is kept in the journal. Ends when it is gone. */
export const pruneSet = async (
  writing: Writing,
  lost: readonly LiveObject[],
): Promise<Result<void, StepFailure>> => {
  const { context, kube } = writing;
  const refs = new Map(lost.flatMap(({ key, ref }) => (ref === null ? [] : [[key, ref] as const])));
  if (refs.size === 0) return ok(undefined);
  context.progress(`removing ${count(refs.size, 'object')} that ${writing.set.name} no longer has`);
  const leaving: Leaving[] = [];
  async function* items(): AsyncGenerator<Item> {
    for (const [key, ref] of refs) {
      const live = await persist(context, () => kube.get(kubeRef(ref), { signal: context.signal }));
      if (live.ok) yield { key, before: { ...formerOf(writing, key, live.value), pruned: true } };
    }
  }
  const ended = await eachItem({
    log: { ...context.items, open: context.items.open.filter(({ key }) => refs.has(key)) },
    items: items(),
    // One after another: what others are made of goes last.
    concurrency: 1,
    signal: context.signal,
    work: async ({ key, before }) => {
      const ref = refs.get(key);
      if (ref === undefined) throw new Error(`${key} is not removed here`);
      const { uid } = before as Former;
      const gone = await persist(context, () =>
        kube.delete(kubeRef(ref), { uid, propagation: 'Background', signal: context.signal }),
      );
      if (!gone.ok && gone.error.kind !== 'not-found')
        return err(failureOfKube(gone.error, `${key} cannot be removed`));
      leaving.push({ key, ref, uid });
      return ok('removed');
    },
  });
  const done = firstOf(ended);
  return done.ok ? awaitGone({ ...context, kube }, leaving) : done;
};
