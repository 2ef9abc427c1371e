import pLimit from 'p-limit';
import { idOf, idText } from '../../bundle/model/object-id.js';
import { conflictingManagers } from '../../bundle/target/dry-run.js';
import { concernsAll, refusesDryRuns } from '../../bundle/target/refusals.js';
import type { Kube, KubeFailure, KubeObject, KubeRef, KubeResource } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import { APPLIER } from '../objects/managers.js';
import type { ObjectRef } from '../objects/params.js';
import { refIn } from '../objects/refs.js';
import { fieldDiffs } from './diff.js';
import type { LiveObject, LiveSet } from './live-set.js';
import { type ObjectSet, SET_ANNOTATION, setDigest } from './object-set.js';
import { unreadyText } from './ready.js';

/** How a cluster is asked about sets: reading, and applying as a dry run. */
export interface SetAccess {
  readonly kube: Pick<Kube, 'get' | 'list' | 'discover' | 'apply'>;
  readonly signal: AbortSignal;
}

/** One object compared, and whether its pods are there. */
interface Compared {
  readonly object: LiveObject;
  readonly unready?: string;
}

type Answer = Promise<Result<Compared, KubeFailure>>;

const AT_ONCE = 12;

export const addressOf = ({ resource: { group, version, plural }, namespace, name }: KubeRef): ObjectRef => ({
  group,
  version,
  plural,
  namespace: namespace ?? null,
  name,
});

const compared = (
  key: string,
  ref: KubeRef | undefined,
  part: Pick<LiveObject, 'verdict'> & Partial<LiveObject>,
): Compared => ({
  object: { key, ref: ref === undefined ? null : addressOf(ref), diff: [], conflicts: [], ...part },
});

const whyOf = ({ message, causes }: KubeFailure): string =>
  [
    message,
    ...causes
      .filter((cause) => !message.includes(cause.message))
      .map(({ field, message: text }) => (field === undefined ? text : `${field}: ${text}`)),
  ].join('; ');

/** What the API would make of it; nothing is written. */
const dryRun = ({ kube, signal }: SetAccess, ref: KubeRef, object: KubeObject, force: boolean) =>
  kube.apply(ref, object, { dryRun: true, fieldManager: APPLIER, fieldValidation: 'Strict', force, signal });

/** Exists in every cluster, so that an object can be checked whose own namespace comes with the set. */
const STAND_IN = 'default';

const elsewhere = async (access: SetAccess, ref: KubeRef, object: KubeObject): Answer => {
  const placed = { ...object, metadata: { ...object.metadata, namespace: STAND_IN } };
  const answer = await dryRun(access, { ...ref, namespace: STAND_IN }, placed, true);
  const key = idText(idOf(object));
  if (answer.ok || !concernsAll(answer.error))
    return ok(
      !answer.ok && answer.error.kind === 'invalid'
        ? compared(key, ref, { verdict: 'refused', why: whyOf(answer.error) })
        : compared(key, ref, { verdict: 'later' }),
    );
  return answer;
};

const refused = (key: string, ref: KubeRef, failure: KubeFailure): Result<Compared, KubeFailure> => {
  if (concernsAll(failure)) return err(failure);
  if (refusesDryRuns(failure)) return ok(compared(key, ref, { verdict: 'later' }));
  return ok(compared(key, ref, { verdict: 'refused', why: whyOf(failure) }));
};

const isNamespace = ({ apiVersion, kind }: KubeObject): boolean =>
  apiVersion === 'v1' && kind === 'Namespace';

/** Whose object it is already; a namespace may serve several sets and belongs to the first. */
const otherSet = (live: KubeObject, name: string): string | undefined => {
  const set = live.metadata.annotations?.[SET_ANNOTATION];
  return set === undefined || set === name ? undefined : set;
};

const existing = async (
  access: SetAccess,
  {
    set,
    ref,
    object,
    live,
  }: { readonly set: string; readonly ref: KubeRef; readonly object: KubeObject; readonly live: KubeObject },
): Answer => {
  const key = idText(idOf(object));
  const owner = otherSet(live, set);
  if (isNamespace(object) && live.metadata.annotations?.[SET_ANNOTATION] !== set)
    return ok(compared(key, ref, { verdict: 'keep' }));
  if (owner !== undefined)
    return ok(compared(key, ref, { verdict: 'refused', why: `it belongs to the set ${owner}` }));
  const answer = await dryRun(access, ref, object, true);
  if (!answer.ok) return refused(key, ref, answer.error);
  const diff = fieldDiffs(live, answer.value);
  const text = unreadyText(live);
  const unready = text === undefined ? {} : { unready: text };
  if (diff.length === 0) return ok({ ...compared(key, ref, { verdict: 'keep' }), ...unready });
  const taking = await dryRun(access, ref, object, false);
  const conflicts =
    taking.ok || taking.error.kind !== 'conflict' ? [] : [...conflictingManagers(taking.error)];
  return ok({ ...compared(key, ref, { verdict: 'update', diff, conflicts }), ...unready });
};

/** What applying one object would do. */
const compareObject =
  (access: SetAccess, set: string, kinds: readonly KubeResource[]) =>
  async (object: KubeObject): Answer => {
    const key = idText(idOf(object));
    const ref = refIn(kinds, object);
    if (ref === undefined) return ok(compared(key, undefined, { verdict: 'later' }));
    const live = await access.kube.get(ref, { signal: access.signal });
    if (live.ok) return existing(access, { set, ref, object, live: live.value });
    if (live.error.kind !== 'not-found') return live;
    const answer = await dryRun(access, ref, object, true);
    if (answer.ok) return ok(compared(key, ref, { verdict: 'create' }));
    const homeless = answer.error.kind === 'not-found' && ref.namespace !== undefined;
    return homeless ? elsewhere(access, ref, object) : refused(key, ref, answer.error);
  };

/**
 * Compares a set with the cluster, object by object, many at a time: each is sent as a dry run with strict validation.
 * Nothing is written. What the set has lost is not looked for here.
 */
export const compareSet = async (
  access: SetAccess,
  set: ObjectSet,
  kinds: readonly KubeResource[],
): Promise<Result<LiveSet, KubeFailure>> => {
  const limit = pLimit(AT_ONCE);
  const compare = compareObject(access, set.name, kinds);
  const all = await Promise.all(set.objects.map((object) => limit(() => compare(object))));
  const { values: seen, errors } = partition(all);
  const [failed] = errors;
  if (failed !== undefined) return err(failed);
  return ok({
    name: set.name,
    digest: setDigest(set),
    objects: seen.map(({ object }) => object),
    unready: seen.flatMap(({ unready }) => unready ?? []),
  });
};
