import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;

/** Those that are gone or going: of what was in them nothing comes back. */
export const endedNamespaces = async (
  kube: Pick<Kube, 'get'>,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Result<ReadonlySet<string>, StepFailure>> => {
  const ended = new Set<string>();
  for (const name of names) {
    const found = await kube.get({ resource: NAMESPACES, name }, { signal });
    if (!found.ok && found.error.kind !== 'not-found')
      return err(failureOfKube(found.error, `cannot look at the namespace ${name}`));
    if (!found.ok || found.value.metadata['deletionTimestamp'] !== undefined) ended.add(name);
  }
  return ok(ended);
};
