import { idOf, idText } from '../../bundle/model/object-id.js';
import type { KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { awaitObjects } from '../objects/gates/await-objects.js';
import { refIn } from '../objects/refs.js';
import { whyUnready } from './explain.js';
import { hasFailed, readyJudge, unreadyText } from './ready.js';
import type { Writing } from './writing.js';

interface Awaited {
  readonly key: string;
  readonly object: KubeObject;
  readonly ref: KubeRef;
}

/** Workloads of a set whose readiness means something. */
const awaitedOf = async ({
  kube,
  set,
  context,
}: Writing): Promise<Result<readonly Awaited[], StepFailure>> => {
  const kinds = await kube.discover({ signal: context.signal });
  if (!kinds.ok) return err(failureOfKube(kinds.error, 'the kinds of the cluster cannot be read'));
  return ok(
    set.objects.flatMap((object) => {
      const ref = readyJudge(object) === undefined ? undefined : refIn(kinds.value, object);
      return ref === undefined ? [] : [{ key: idText(idOf(object)), object, ref }];
    }),
  );
};

const placeOf = ({ ref }: Awaited): string =>
  [ref.resource.group, ref.resource.plural, ref.namespace ?? ''].join('/');

/** Waits for the workloads of one kind in one namespace. */
const awaitPlace = async ({ context, kube }: Writing, place: readonly Awaited[], limitMs: number) => {
  const [first] = place;
  if (first === undefined) return ok(undefined);
  const { resource, namespace } = first.ref;
  const needs = new Map(
    place.map(({ key, object }) => {
      const judge = readyJudge(object);
      // A Job that gave up is decided as well; it is told from the others afterwards.
      return [
        object.metadata.name,
        {
          what: key,
          judge: (seen?: KubeObject) => (seen !== undefined && hasFailed(seen) ? undefined : judge?.(seen)),
        },
      ] as const;
    }),
  );
  const { clock, signal, progress } = context;
  return awaitObjects(
    { kube, clock, signal, progress },
    {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      needOf: ({ metadata }) => metadata.name,
      needs,
      limitMs,
    },
  );
};

const unready = (
  set: string,
  texts: readonly string[],
  seconds: number,
  causes: readonly string[],
): StepFailure => ({
  class: 'permanent',
  code: 'set-not-ready',
  message: `${set} was applied but is not ready after ${seconds} s: ${sentence(texts)}`,
  cause: causes.join('\n'),
  hint: `mend what the pods say and go on with the run, or take it alone back: drover rollback --only ${set}`,
});

/** What is not ready now, with the reasons that its pods give. */
const lookAgain = async (writing: Writing, awaited: readonly Awaited[]) => {
  const { kube, context } = writing;
  const open: KubeObject[] = [];
  for (const { ref, object } of awaited) {
    const live = await kube.get(ref, { signal: context.signal });
    if (!live.ok) continue;
    // A single object does not always say what it is.
    const seen = { ...live.value, apiVersion: object.apiVersion, kind: object.kind };
    if (unreadyText(seen) !== undefined) open.push(seen);
  }
  return open;
};

/**
 * Waits until the Deployments, DaemonSets, StatefulSets and Jobs of a set are ready, all at the same time. On failure
 * the pods are asked: which probe fails, what the container last said, which node cannot pull the image.
 */
export const awaitReady = async (writing: Writing): Promise<Result<void, StepFailure>> => {
  const { readyMs: limitMs } = writing;
  const awaited = await awaitedOf(writing);
  if (!awaited.ok) return awaited;
  const places = grouped(awaited.value);
  const ends = await Promise.all([...places.values()].map((place) => awaitPlace(writing, place, limitMs)));
  const other = ends.find((end) => !end.ok && end.error.code !== 'objects-gate');
  if (other !== undefined) return other;
  const open = await lookAgain(writing, awaited.value);
  if (open.length === 0) return ok(undefined);
  const { signal } = writing.context;
  const causes = await Promise.all(open.map((object) => whyUnready({ kube: writing.kube, signal }, object)));
  const texts = open.flatMap((object) => unreadyText(object) ?? []);
  return err(unready(writing.set.name, texts, limitMs / 1000, causes.flat()));
};

const grouped = (awaited: readonly Awaited[]): ReadonlyMap<string, readonly Awaited[]> => {
  const places = new Map<string, Awaited[]>();
  for (const each of awaited) places.set(placeOf(each), [...(places.get(placeOf(each)) ?? []), each]);
  return places;
};
