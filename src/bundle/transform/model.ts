import type { KubeObject } from '../../core/ports/kube.js';
import type { ObjectSelector } from '../../spec/schema/transforms.js';
import { idOf, kindName } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';

/** What transforms may know about the whole bundle. */
export interface TransformContext {
  /** `name.namespace` of all Services, as the source has them. */
  readonly services: ReadonlySet<string>;
}

/** An object after one transform. The same object back = nothing matched. */
export interface Transformed {
  readonly object: KubeObject;
  readonly findings: readonly BundleFinding[];
}

export type Change<T> = (object: KubeObject, transform: T, context: TransformContext) => Transformed;

export const unchanged = (object: KubeObject): Transformed => ({ object, findings: [] });

/** Does a selector mean this object? Kinds may be written without their group. */
export const isSelected = (object: KubeObject, { kind, namespace, name }: ObjectSelector): boolean =>
  (kind === undefined || kind === object.kind || kind === kindName(idOf(object))) &&
  (namespace === undefined || namespace === object.metadata.namespace) &&
  (name === undefined || name === object.metadata.name);
