import type { Kube, KubeFailure, KubeObject, KubeRef, ListOptions, WatchEvent } from '../core/ports/kube.js';
import type { Result } from '../core/result.js';
import { joinSignals } from '../core/signals.js';

/** What a wait ended with: the objects as last seen, and whether the condition held. */
export interface Waited {
  readonly held: boolean;
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly problem?: string;
}

const follow = async (
  events: AsyncIterable<Result<WatchEvent, KubeFailure>>,
  objects: Map<string, KubeObject>,
  holds: (objects: ReadonlyMap<string, KubeObject>) => boolean,
): Promise<Waited> => {
  for await (const event of events) {
    if (!event.ok) return { held: false, objects, problem: event.error.message };
    const change = event.value;
    if (change.type === 'RELISTED') {
      objects.clear();
      for (const item of change.items) objects.set(item.metadata.name, item);
    } else if (change.type === 'DELETED') objects.delete(change.object.metadata.name);
    else objects.set(change.object.metadata.name, change.object);
    if (holds(objects)) return { held: true, objects };
  }
  return { held: false, objects };
};

/**
 * Watches a list until a condition holds over all its objects, or the time is over. Nothing is polled: the answer
 * comes with the event that makes it true.
 */
export const waitFor = async (
  kube: Kube,
  resource: KubeRef['resource'],
  options: ListOptions & { readonly limitMs: number; readonly signal: AbortSignal },
  holds: (objects: ReadonlyMap<string, KubeObject>) => boolean,
): Promise<Waited> => {
  const objects = new Map<string, KubeObject>();
  const limit = joinSignals([options.signal], options.limitMs);
  try {
    return await follow(kube.watch(resource, { ...options, signal: limit.signal }), objects, holds);
  } finally {
    limit.release();
  }
};
