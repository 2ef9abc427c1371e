import type { Kube } from '../core/ports/kube.js';
import { EXPIRES, MANAGED_BY, NAMESPACE_PREFIX } from './probe-objects.js';
import { NAMESPACES } from './resources.js';

/**
 * Removes namespaces that verifications left because they were killed: Drover's by name and label, and past the time
 * that their annotation tells. Returns their names.
 *
 * @param now milliseconds since the epoch
 */
export const removeExpired = async (kube: Kube, now: number, signal: AbortSignal): Promise<string[]> => {
  const removed: string[] = [];
  for await (const page of kube.list(NAMESPACES, { labelSelector: `${MANAGED_BY}=drover`, signal })) {
    if (!page.ok) return removed;
    for (const { metadata } of page.value.items) {
      const expires = Date.parse(metadata.annotations?.[EXPIRES] ?? '');
      const isOld = metadata.name.startsWith(NAMESPACE_PREFIX) && expires < now;
      if (!isOld || metadata['deletionTimestamp'] !== undefined) continue;
      const gone = await kube.delete({ resource: NAMESPACES, name: metadata.name }, { signal });
      if (gone.ok) removed.push(metadata.name);
    }
  }
  return removed;
};
