import type { Kube, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ClusterRemains } from './objects.js';

export const DEFINITIONS: KubeRef['resource'] = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
};
export const NODES: KubeRef['resource'] = { group: '', version: 'v1', plural: 'nodes' };

/** A definition with all objects of its kind. */
export interface ExportedKind {
  readonly resource: KubeRef['resource'];
  readonly definition: KubeObject;
  readonly objects: readonly KubeObject[];
}

/** Everything that the step removes, as it was. */
export interface NetworkExport {
  readonly annotations: readonly { readonly node: string; readonly key: string; readonly value: string }[];
  readonly kinds: readonly ExportedKind[];
}

interface DefinitionSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
}

/** The kind of a definition's objects, in the version in which they are stored. */
const resourceOf = (definition: KubeObject): KubeRef['resource'] => {
  const { group, names, versions } = definition['spec'] as DefinitionSpec;
  return {
    group,
    plural: names.plural,
    version: (versions.find(({ storage }) => storage) ?? versions[0])?.name ?? '',
  };
};

const exportKind = async (
  kube: Kube,
  name: string,
  signal: AbortSignal,
): Promise<Result<ExportedKind | undefined, StepFailure>> => {
  const definition = await kube.get({ resource: DEFINITIONS, name }, { signal });
  if (!definition.ok)
    return definition.error.kind === 'not-found'
      ? ok(undefined)
      : err(failureOfKube(definition.error, `cannot read the definition ${name}`));
  const resource = resourceOf(definition.value);
  const objects: KubeObject[] = [];
  for await (const page of kube.list(resource, { signal })) {
    if (!page.ok && page.error.kind === 'not-found') break;
    if (!page.ok) return err(failureOfKube(page.error, `cannot read objects of ${name}`));
    objects.push(...page.value.items);
  }
  return ok({ resource, definition: definition.value, objects });
};

const exportAnnotations = async (
  kube: Kube,
  annotations: ClusterRemains['annotations'],
  signal: AbortSignal,
): Promise<Result<NetworkExport['annotations'], StepFailure>> => {
  const found: NetworkExport['annotations'][number][] = [];
  for (const node of new Set(annotations.map((one) => one.node))) {
    const live = await kube.get({ resource: NODES, name: node }, { signal });
    if (!live.ok) return err(failureOfKube(live.error, `cannot read the node ${node}`));
    for (const { key } of annotations.filter((one) => one.node === node)) {
      const value = live.value.metadata.annotations?.[key];
      if (value !== undefined) found.push({ node, key, value });
    }
  }
  return ok(found);
};

/** Reads everything that is going to be removed. */
export const exportNetworks = async (
  kube: Kube,
  remains: ClusterRemains,
  signal: AbortSignal,
): Promise<Result<NetworkExport, StepFailure>> => {
  const annotations = await exportAnnotations(kube, remains.annotations, signal);
  if (!annotations.ok) return annotations;
  const kinds: ExportedKind[] = [];
  for (const { name } of remains.definitions) {
    const kind = await exportKind(kube, name, signal);
    if (!kind.ok) return kind;
    if (kind.value !== undefined) kinds.push(kind.value);
  }
  return ok({ annotations: annotations.value, kinds });
};

const OF_SERVER = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'finalizers',
  'selfLink',
  'deletionTimestamp',
];

/** An exported object as it can be made again. */
export const remade = ({ status: _, metadata, ...rest }: KubeObject): KubeObject => ({
  ...(rest as KubeObject),
  metadata: Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !OF_SERVER.includes(name)),
  ) as KubeObject['metadata'],
});
