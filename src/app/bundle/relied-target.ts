import type { Carried } from '../../bundle/carry/carry.js';
import { isMap } from '../../bundle/clean/draft.js';
import type { Assessment } from '../../bundle/target/model.js';
import { digest } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';

const CLASSES = [
  'StorageClass.storage.k8s.io',
  'IngressClass.networking.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'RuntimeClass.node.k8s.io',
];

/** An object without what moves by itself. */
const steady = ({ status: _, metadata, ...rest }: KubeObject): unknown => {
  const { managedFields, resourceVersion, generation, ...own } = metadata;
  return { ...rest, metadata: own };
};

/**
 * Digests of what a plan of a migration relies on in its target: kinds in their versions, classes, and the carried
 * objects that are there already.
 */
export const reliedOnTarget = (
  { view }: Assessment,
  { objects }: Carried,
): Readonly<Record<string, string>> => {
  const used = new Set(objects.map(({ object }) => object.kind));
  const kinds = view.kinds
    .filter(({ kind }) => used.has(kind))
    .map(({ group, version, kind }) => [group, version, kind].join('/'))
    .sort();
  const classes = CLASSES.flatMap((name) => view.lists.get(name) ?? []).map(({ kind, metadata }) => [
    kind,
    metadata.name,
    isMap(metadata.annotations)
      ? Object.entries(metadata.annotations).filter(([key]) => key.endsWith('is-default-class'))
      : [],
  ]);
  const there = objects.flatMap(({ key }) => {
    const live = view.live.get(key);
    return live === undefined ? [] : [[key, steady(live)]];
  });
  return {
    'target/kinds': digest(kinds),
    'target/classes': digest(classes.map((each) => JSON.stringify(each)).sort()),
    'target/objects': digest(there),
  };
};
