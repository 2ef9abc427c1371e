import { type ClusterIdentity, kubeError } from '../../bundle/identity.js';
import type { TargetClasses } from '../../bundle/transform/defaults.js';
import type { DroverError } from '../../core/error.js';
import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';

interface Class {
  readonly name: string;
  readonly isDefault: boolean;
}

const STORAGE = {
  resource: { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' },
  mark: 'storageclass.kubernetes.io/is-default-class',
};
const INGRESS = {
  resource: { group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses' },
  mark: 'ingressclass.kubernetes.io/is-default-class',
};

const classesOf = async (
  kube: Kube,
  { resource, mark }: typeof STORAGE,
  signal: AbortSignal,
): Promise<Result<readonly Class[], DroverError>> => {
  const classes: Class[] = [];
  for await (const page of kube.list(resource, { signal })) {
    if (!page.ok)
      return err(kubeError('export-api', `${resource.plural} of the target cannot be listed`, page.error));
    for (const { metadata } of page.value.items)
      classes.push({ name: metadata.name, isDefault: metadata.annotations?.[mark] === 'true' });
  }
  return ok(classes);
};

/** The classes that the target has, for rules that stand in when a transform names none. */
export const targetClasses = async (
  kube: Kube,
  { distribution }: Pick<ClusterIdentity, 'distribution'>,
  signal: AbortSignal,
): Promise<Result<TargetClasses, DroverError>> => {
  const [storage, ingress] = await Promise.all([
    classesOf(kube, STORAGE, signal),
    classesOf(kube, INGRESS, signal),
  ]);
  if (!storage.ok) return storage;
  return ingress.ok ? ok({ distribution, storage: storage.value, ingress: ingress.value }) : ingress;
};
