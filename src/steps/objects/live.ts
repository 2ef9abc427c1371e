import type { KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { KubeReads } from '../kube-reads.js';
import type { ObjectRef } from './params.js';
import { kubeRef } from './refs.js';

/** From so many objects of one kind in one namespace on, a list is cheaper than asking for each. */
const LIST_FROM = 8;

/** An object that is looked for. */
export interface Sought {
  readonly key: string;
  readonly ref: ObjectRef;
}

/** What is there of a name; absent = nothing. */
export interface Seen {
  readonly key: string;
  readonly live?: KubeObject;
}

interface Group {
  readonly resource: KubeRef['resource'];
  readonly namespace: string | undefined;
  readonly sought: Sought[];
}

const grouped = (sought: readonly Sought[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const each of sought) {
    const { resource, namespace } = kubeRef(each.ref);
    const key = [resource.group, resource.version, resource.plural, namespace ?? ''].join('/');
    const group = groups.get(key) ?? { resource, namespace, sought: [] };
    group.sought.push(each);
    groups.set(key, group);
  }
  return [...groups.values()];
};

type SeenObjects = AsyncGenerator<Result<Seen, StepFailure>>;

async function* byList(kube: KubeReads, group: Group, signal: AbortSignal): SeenObjects {
  const open = new Map(group.sought.map(({ key, ref }) => [ref.name, key]));
  const options = { signal, ...(group.namespace === undefined ? {} : { namespace: group.namespace }) };
  for await (const page of kube.list(group.resource, options)) {
    // A kind that is gone has no objects.
    if (!page.ok && page.error.kind === 'not-found') break;
    if (!page.ok) {
      yield err(failureOfKube(page.error, `cannot list ${group.resource.plural}`));
      return;
    }
    for (const live of page.value.items) {
      const key = open.get(live.metadata.name);
      if (key === undefined) continue;
      open.delete(live.metadata.name);
      yield ok({ key, live });
    }
  }
  for (const key of open.values()) yield ok({ key });
}

async function* oneByOne(kube: KubeReads, group: Group, signal: AbortSignal): SeenObjects {
  for (const { key, ref } of group.sought) {
    const found = await kube.get(kubeRef(ref), { signal });
    if (found.ok) yield ok({ key, live: found.value });
    else if (found.error.kind === 'not-found') yield ok({ key });
    else yield err(failureOfKube(found.error, `cannot look at ${key}`));
  }
}

/** Looks for objects, page by page: each is given once, with what is there of its name. */
export async function* liveObjects(
  kube: KubeReads,
  sought: readonly Sought[],
  signal: AbortSignal,
): SeenObjects {
  for (const group of grouped(sought))
    yield* group.sought.length < LIST_FROM ? oneByOne(kube, group, signal) : byList(kube, group, signal);
}
