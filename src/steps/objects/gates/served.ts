import { isMap, listOf, mapOf } from '../../../bundle/clean/draft.js';
import type { Kube, KubeObject, KubeRef } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { StepFailure } from '../../failure.js';
import { failureOfKube } from '../../kube-failure.js';
import type { Wave } from '../wave.js';

const DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
const LIMIT_MS = 60_000;
const AGAIN_MS = 200;

const versionsOf = (definition: KubeObject): KubeRef['resource'][] => {
  const spec = mapOf(definition['spec']);
  const names = mapOf(spec['names']);
  return listOf(spec['versions'])
    .filter(isMap)
    .filter(({ served }) => served === true)
    .map(({ name }) => ({
      group: String(spec['group']),
      version: String(name),
      plural: String(names['plural']),
    }));
};

/** Does the API answer for this kind? An Established definition is served by every API server a moment later. */
const isServed = async (kube: Kube, resource: KubeRef['resource'], signal: AbortSignal): Promise<boolean> => {
  for await (const page of kube.list(resource, { pageSize: 1, signal }))
    return page.ok || page.error.kind !== 'not-found';
  return true;
};

const notServed = ({ group, version, plural }: KubeRef['resource']): StepFailure => ({
  class: 'transient',
  code: 'objects-gate',
  message: `the API does not serve ${plural}.${group} in version ${version} within ${LIMIT_MS / 1000} s`,
  cause: 'its definition is Established',
});

const CUT: StepFailure = {
  class: 'permanent',
  code: 'run-cut',
  message: 'the run was cut off while it waited; nothing of this wave was written',
};

const untilServed = async (
  { kube, signal, context: { clock } }: Wave,
  resource: KubeRef['resource'],
): Promise<Result<void, StepFailure>> => {
  const begun = clock.monotonic();
  while (!(await isServed(kube, resource, signal))) {
    if (signal.aborted) return err(CUT);
    if (clock.monotonic() - begun > LIMIT_MS) return err(notServed(resource));
    await clock.delay(AGAIN_MS, signal).catch(() => undefined);
  }
  return ok(undefined);
};

/** Waits until every served version of these definitions answers. */
export const awaitServed = async (
  wave: Wave,
  names: readonly string[],
): Promise<Result<void, StepFailure>> => {
  for (const name of names) {
    const definition = await wave.kube.get({ resource: DEFINITIONS, name }, { signal: wave.signal });
    if (!definition.ok) return err(failureOfKube(definition.error, `cannot read the definition ${name}`));
    for (const resource of versionsOf(definition.value)) {
      const served = await untilServed(wave, resource);
      if (!served.ok) return served;
    }
  }
  return ok(undefined);
};
