import type { KubeObject } from '../../core/ports/kube.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { mapOf } from '../clean/draft.js';
import { idOf, idText } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';
import { hostName } from './host-name.js';
import { imageRegistry } from './image-registry.js';
import { ingressClass } from './ingress-class.js';
import { applyPatch } from './json-patch.js';
import { isSelected, type TransformContext, type Transformed, unchanged } from './model.js';
import { namespaceMap } from './namespace.js';
import { nodeSelector } from './node-selector.js';
import { storageClass } from './storage-class.js';

const replicas = (
  object: KubeObject,
  { to, only }: Extract<Transform, { change: 'replicas' }>,
): Transformed => {
  const spec = mapOf(object['spec']);
  if (typeof spec['replicas'] !== 'number' || spec['replicas'] === to || !isSelected(object, only))
    return unchanged(object);
  return { object: { ...object, spec: { ...spec, replicas: to } }, findings: [] };
};

const patched = (
  object: KubeObject,
  { patch, only }: Extract<Transform, { change: 'json-patch' }>,
): Transformed => {
  if (!isSelected(object, only)) return unchanged(object);
  const result = applyPatch(object, patch);
  if (result.ok) return { object: result.value as KubeObject, findings: [] };
  if (result.error.kind === 'test') return unchanged(object);
  const finding: BundleFinding = {
    code: 'transform-failed',
    severity: 'error',
    object: idText(idOf(object)),
    message: `a JSON patch cannot be applied: ${result.error.detail}`,
  };
  return { object, findings: [finding] };
};

/** One declared change to one object. */
const change = (object: KubeObject, transform: Transform, context: TransformContext): Transformed => {
  switch (transform.change) {
    case 'namespace':
      return namespaceMap(object, transform, context);
    case 'image-registry':
      return imageRegistry(object, transform, context);
    case 'storage-class':
      return storageClass(object, transform, context);
    case 'ingress-class':
      return ingressClass(object, transform, context);
    case 'host-name':
      return hostName(object, transform, context);
    case 'node-selector':
      return nodeSelector(object, transform, context);
    case 'replicas':
      return replicas(object, transform);
    case 'json-patch':
      return patched(object, transform);
  }
};

/** `storage-class local-path → fast`: a transform as plans and reports name it. */
export const transformTitle = (transform: Transform): string => {
  switch (transform.change) {
    case 'namespace':
    case 'image-registry':
    case 'storage-class':
    case 'ingress-class':
    case 'host-name':
      return `${transform.change} ${transform.from} → ${transform.to}`;
    case 'replicas':
      return `replicas → ${transform.to}`;
    case 'node-selector':
      return `node-selector ${[...transform.remove.map((key) => `-${key}`), ...Object.keys(transform.set)].join(' ')}`;
    case 'json-patch':
      return `json-patch of ${Object.values(transform.only).join(' ') || 'everything'}`;
  }
};

/** One object after all transforms. */
export interface TransformedObject {
  readonly object: KubeObject;
  /** Indices of the transforms that changed it. */
  readonly by: readonly number[];
  readonly findings: readonly BundleFinding[];
}

/** What transforms have to know about the whole bundle before the first object. */
export const transformContext = (objects: readonly KubeObject[]): TransformContext => ({
  services: new Set(
    objects
      .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Service')
      .map(({ metadata }) => `${metadata.name}.${metadata.namespace ?? ''}`),
  ),
});

/** Applies all transforms in their order to one object. Pure. */
export const transformObject = (
  object: KubeObject,
  transforms: readonly Transform[],
  context: TransformContext,
): TransformedObject => {
  const by: number[] = [];
  const findings: BundleFinding[] = [];
  const done = transforms.reduce((value, transform, index) => {
    const next = change(value, transform, context);
    if (next.object !== value) by.push(index);
    findings.push(...next.findings);
    return next.object;
  }, object);
  return { object: done, by, findings };
};

export interface TransformedBundle {
  readonly objects: readonly KubeObject[];
  /** How many objects each transform changed, in the order of the spec. */
  readonly matched: readonly { readonly title: string; readonly objects: number }[];
  readonly findings: readonly BundleFinding[];
}

/** A finding for every transform that changed nothing. */
export const unmatchedFindings = (matched: TransformedBundle['matched']): readonly BundleFinding[] =>
  matched
    .filter(({ objects }) => objects === 0)
    .map(({ title }) => ({
      code: 'transform-unmatched',
      severity: 'warning',
      message: `${title} matched nothing`,
    }));

/** Applies all transforms to all objects. Pure; a transform that changed nothing is a finding. */
export const applyTransforms = (
  objects: readonly KubeObject[],
  transforms: readonly Transform[],
): TransformedBundle => {
  const context = transformContext(objects);
  const done = objects.map((object) => transformObject(object, transforms, context));
  const matched = transforms.map((transform, index) => ({
    title: transformTitle(transform),
    objects: done.filter(({ by }) => by.includes(index)).length,
  }));
  return {
    objects: done.map(({ object }) => object),
    matched,
    findings: [...done.flatMap(({ findings }) => findings), ...unmatchedFindings(matched)],
  };
};
