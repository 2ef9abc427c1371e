import type { Kube, KubeFailure, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { awaitGone } from '../objects/await-gone.js';
import type { ApplyContext } from '../step.js';
import { DEFINITIONS, type NetworkExport, NODES, remade } from './export-objects.js';

const MANAGER = 'drover';

const unless = (
  what: string,
  failure: KubeFailure,
  ...fine: KubeFailure['kind'][]
): Result<void, StepFailure> =>
  fine.includes(failure.kind) ? ok(undefined) : err(failureOfKube(failure, what));

/** Sets annotations of nodes; null takes one away. */
export const annotate = async (
  { signal }: ApplyContext,
  kube: Kube,
  values: readonly { readonly node: string; readonly key: string; readonly value: string | null }[],
): Promise<Result<void, StepFailure>> => {
  for (const node of new Set(values.map((one) => one.node))) {
    const annotations = Object.fromEntries(
      values.filter((one) => one.node === node).map(({ key, value }) => [key, value]),
    );
    const patched = await kube.patch(
      { resource: NODES, name: node },
      { metadata: { annotations } },
      { type: 'merge', fieldManager: MANAGER, signal },
    );
    const done = patched.ok
      ? patched
      : unless(`cannot change the annotations of ${node}`, patched.error, 'not-found');
    if (!done.ok) return done;
  }
  return ok(undefined);
};

/** Nobody is left who would serve the finalizers of an unused network. */
export const freeObjects = async (
  { signal }: ApplyContext,
  kube: Kube,
  { kinds }: NetworkExport,
): Promise<Result<void, StepFailure>> => {
  for (const { resource, objects } of kinds)
    for (const { metadata } of objects) {
      if (!Array.isArray(metadata['finalizers']) || metadata['finalizers'].length === 0) continue;
      const { name, namespace } = metadata;
      const ref = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
      const freed = await kube.patch(
        ref,
        { metadata: { finalizers: null } },
        { type: 'merge', fieldManager: MANAGER, signal },
      );
      const done = freed.ok
        ? freed
        : unless(`cannot free ${resource.plural}/${name}`, freed.error, 'not-found');
      if (!done.ok) return done;
    }
  return ok(undefined);
};

/** Deletes the definitions and waits until they are gone with their objects. */
export const removeDefinitions = async (
  { signal, clock, progress }: ApplyContext,
  kube: Kube,
  { kinds }: NetworkExport,
): Promise<Result<void, StepFailure>> => {
  for (const { definition } of kinds) {
    const { name } = definition.metadata;
    const gone = await kube.delete({ resource: DEFINITIONS, name }, { signal });
    const done = gone.ok ? gone : unless(`cannot delete the definition ${name}`, gone.error, 'not-found');
    if (!done.ok) return done;
  }
  const leaving = kinds.map(({ definition: { metadata } }) => ({
    key: metadata.name,
    uid: metadata.uid ?? '',
    ref: { ...DEFINITIONS, namespace: null, name: metadata.name },
  }));
  return awaitGone({ kube, clock, signal, progress }, leaving);
};

const SERVED_MS = 60_000;
const AGAIN_MS = 200;

/** A kind is served a moment after its definition was made. */
const makeObject = async (
  { signal, clock }: ApplyContext,
  kube: Kube,
  { resource, object }: { readonly resource: KubeRef['resource']; readonly object: KubeObject },
): Promise<Result<void, StepFailure>> => {
  const begun = clock.monotonic();
  const { name, namespace } = object.metadata;
  const ref = { resource, ...(namespace === undefined ? {} : { namespace }) };
  for (;;) {
    const made = await kube.create(ref, remade(object), { fieldManager: MANAGER, signal });
    if (made.ok || made.error.kind === 'already-exists') return ok(undefined);
    if (made.error.kind !== 'not-found' || clock.monotonic() - begun > SERVED_MS)
      return err(failureOfKube(made.error, `cannot make ${resource.plural}/${name} again`));
    await clock.delay(AGAIN_MS, signal);
  }
};

const makeObjects = async (
  context: ApplyContext,
  kube: Kube,
  { kinds }: NetworkExport,
): Promise<Result<void, StepFailure>> => {
  for (const { resource, objects } of kinds)
    for (const object of objects) {
      const made = await makeObject(context, kube, { resource, object });
      if (!made.ok) return made;
    }
  return ok(undefined);
};

/** Makes everything again that was exported. */
export const makeAgain = async (
  context: ApplyContext,
  kube: Kube,
  exported: NetworkExport,
): Promise<Result<void, StepFailure>> => {
  for (const { definition } of exported.kinds) {
    const { name } = definition.metadata;
    const made = await kube.create({ resource: DEFINITIONS }, remade(definition), {
      fieldManager: MANAGER,
      signal: context.signal,
    });
    const done = made.ok
      ? made
      : unless(`cannot make the definition ${name} again`, made.error, 'already-exists');
    if (!done.ok) return done;
  }
  const objects = await makeObjects(context, kube, exported);
  return objects.ok ? annotate(context, kube, exported.annotations) : objects;
};
