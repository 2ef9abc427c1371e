import type { Kube } from '../../src/core/ports/kube.js';
import { labelledObjects } from '../../src/steps/sets/labelled.js';
import { systemClock } from '../../src/system/clock.js';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const { signal } = new AbortController();

/** All that any set has put into the cluster goes. */
const withoutSets = async (kube: Kube): Promise<void> => {
  const kinds = await kube.discover({ signal });
  if (!kinds.ok) throw new Error(kinds.error.message);
  const labelled = await labelledObjects({ kube, signal }, kinds.value);
  if (!labelled.ok) throw new Error(labelled.error.message);
  for (const { resource, object } of labelled.value) {
    const { name, namespace } = object.metadata;
    const ref = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
    await kube.delete(ref, { propagation: 'Background' });
  }
};

/**
 * Both begin with hosts that have the images and let the right packets in, and with a cluster that has nothing of the
 * platform, not even the claims that Drover leaves.
 */
export const emptied = async (kube: Kube, names: readonly string[]): Promise<void> => {
  await withoutSets(kube);
  // A busy API that does not answer in time says nothing about what is there.
  const isGone = async (name: string): Promise<boolean> => {
    const gone = await kube.delete({ resource: NAMESPACES, name });
    return !gone.ok && gone.error.kind === 'not-found';
  };
  while (!(await Promise.all(names.map(isGone))).every((gone) => gone)) await systemClock.delay(500, signal);
};
