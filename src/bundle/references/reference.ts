import type { KubeObject } from '../../core/ports/kube.js';
import type { ObjectId } from '../model/object-id.js';

/** One object naming another. */
export interface Reference {
  readonly to: ObjectId;
  /** Where it is named: `spec.template.spec.containers[0].envFrom[0]`. */
  readonly path: string;
  /** The object works without it. */
  readonly optional: boolean;
}

/** Finds the references of one kind, or of what several kinds share. Pure. */
export type ReferenceFinder = (object: KubeObject) => readonly Reference[];

/** Builds references of one object: namespaced ones lie beside it unless they say otherwise. */
export const referenceTo = (
  object: KubeObject,
  { group, kind }: Pick<ObjectId, 'group' | 'kind'>,
  at: {
    readonly name: unknown;
    readonly path: string;
    readonly namespace?: unknown;
    readonly optional?: unknown;
  },
): readonly Reference[] => {
  if (typeof at.name !== 'string' || at.name === '') return [];
  const namespace = typeof at.namespace === 'string' ? at.namespace : object.metadata.namespace;
  return [
    {
      to: { group, kind, name: at.name, ...(namespace === undefined ? {} : { namespace }) },
      path: at.path,
      optional: at.optional === true,
    },
  ];
};

/** As {@link referenceTo}, for objects of the whole cluster. */
export const clusterReference = (
  { group, kind }: Pick<ObjectId, 'group' | 'kind'>,
  name: unknown,
  path: string,
): readonly Reference[] =>
  typeof name === 'string' && name !== '' ? [{ to: { group, kind, name }, path, optional: false }] : [];
