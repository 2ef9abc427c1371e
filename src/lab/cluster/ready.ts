import type { Kube, KubeFailure, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' } as const;

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

const isReady = (node: KubeObject): boolean =>
  (node['status'] as NodeStatus | undefined)?.conditions?.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  ) ?? false;

const renewedAt = (lease: KubeObject): number =>
  Date.parse((lease['spec'] as { readonly renewTime?: string } | undefined)?.renewTime ?? '');

/** Made in this life of the cluster; the API tells whole seconds. */
const isNew = (node: KubeObject, since: number): boolean =>
  Date.parse(String(node.metadata['creationTimestamp'])) + 1000 > since;

export interface ReadyInput {
  readonly kube: Kube;
  readonly nodes: readonly string[];
  /** Nodes and leases older than this are of an earlier life of the cluster, ms since the epoch. */
  readonly since: number;
  readonly signal: AbortSignal;
  readonly onReady: (node: string) => void;
}

type Note = (objects: readonly KubeObject[], event: 'all' | 'changed' | 'gone') => void;

/** Tells every change of a list until the signal aborts; a failure that no repetition can mend ends it. */
const follow = async (
  kube: Kube,
  watched: {
    readonly resource: KubeRef['resource'];
    readonly namespace?: string;
    readonly signal: AbortSignal;
  },
  note: Note,
): Promise<KubeFailure | undefined> => {
  const { resource, ...options } = watched;
  for await (const event of kube.watch(resource, options)) {
    if (!event.ok) return event.error;
    if (event.value.type === 'RELISTED') note(event.value.items, 'all');
    else note([event.value.object], event.value.type === 'DELETED' ? 'gone' : 'changed');
  }
  return undefined;
};

/** Keeps the names of the objects that meet a condition now. */
const keep =
  (names: Set<string>, good: (object: KubeObject) => boolean): Note =>
  (objects, event) => {
    if (event === 'all') names.clear();
    for (const object of objects) {
      if (event !== 'gone' && good(object)) names.add(object.metadata.name);
      else names.delete(object.metadata.name);
    }
  };

/** Nodes that are not Ready in time, and what the API said if it refused to tell. */
export interface NotReady {
  readonly missing: readonly string[];
  readonly failure?: string;
}

const names = (): Set<string> => new Set();

const each =
  (...notes: readonly Note[]): Note =>
  (objects, event) => {
    for (const note of notes) note(objects, event);
  };

/**
 * Waits until every node is Ready in this life of the cluster: it has renewed its lease since, or was made since. (A
 * new node's kubelet looks for its Node before it exists, and makes its lease ten seconds later only.)
 */
export const waitForReady = async (input: ReadyInput): Promise<Result<void, NotReady>> => {
  const done = new AbortController();
  const signal = AbortSignal.any([input.signal, done.signal]);
  const [ready, made, alive, told] = [names(), names(), names(), names()];
  const missing = (): string[] =>
    input.nodes.filter((node) => !ready.has(node) || !(alive.has(node) || made.has(node)));
  const looking =
    (note: Note): Note =>
    (objects, event) => {
      note(objects, event);
      const away = missing();
      for (const node of input.nodes) {
        if (told.has(node) || away.includes(node)) continue;
        told.add(node);
        input.onReady(node);
      }
      if (away.length === 0) done.abort();
    };
  const watch = async (resource: KubeRef['resource'], namespace: string | undefined, note: Note) => {
    const where = namespace === undefined ? {} : { namespace };
    const failure = await follow(input.kube, { resource, ...where, signal }, looking(note));
    done.abort();
    return failure;
  };
  const [failure] = (
    await Promise.all([
      watch(
        NODES,
        undefined,
        each(
          keep(ready, isReady),
          keep(made, (node) => isNew(node, input.since)),
        ),
      ),
      watch(
        LEASES,
        'kube-node-lease',
        keep(alive, (lease) => renewedAt(lease) >= input.since),
      ),
    ])
  ).filter((one) => one !== undefined);
  if (missing().length === 0) return ok(undefined);
  return err({ missing: missing(), ...(failure === undefined ? {} : { failure: failure.message }) });
};
