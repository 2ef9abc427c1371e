import type { KubeObject, KubeRef, ListOptions } from '../../core/ports/kube.js';
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

/**
 * Pages of a list, begun anew when the API has forgotten the place: who works on each page for long outlives what it
 * keeps of the past (five minutes). Not for ever: each beginning must have brought something.
 */
async function* anew(
  kube: KubeReads,
  resource: KubeRef['resource'],
  options: ListOptions,
  progress: () => number,
): ReturnType<KubeReads['list']> {
  for (let before = -1; ; ) {
    let isLost = false;
    for await (const page of kube.list(resource, options)) {
      isLost = !page.ok && page.error.kind === 'gone' && progress() > before;
      if (isLost) break;
      yield page;
    }
    if (!isLost) return;
    before = progress();
  }
}

async function* byList(kube: KubeReads, group: Group, signal: AbortSignal): SeenObjects {
  const open = new Map(group.sought.map(({ key, ref }) => [ref.name, key]));
  const options = { signal, ...(group.namespace === undefined ? {} : { namespace: group.namespace }) };
  let given = 0;
  for await (const page of anew(kube, group.resource, options, () => given)) {
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
      given += 1;
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
