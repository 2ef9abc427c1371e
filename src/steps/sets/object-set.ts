import { mapOf } from '../../bundle/clean/draft.js';
import { digest, sha256 } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';

/**
 * What Drover owns in a cluster as a whole: a chart, a cluster network, an application. `network/NAME`,
 * `chart/NAMESPACE/NAME`, `application/NAMESPACE/NAME`; the objects stand in the order of applying.
 */
export interface ObjectSet {
  readonly name: string;
  readonly objects: readonly KubeObject[];
}

/** Label of every object of a set: by it the objects are found again that a set has lost. */
export const SET_LABEL = 'drover.dev/set';
/** The name as it is, which a label cannot always hold. */
export const SET_ANNOTATION = 'drover.dev/set-name';

/** Longest value of a label. */
const LONGEST = 63;
const MARK = 8;

/** `application/shop/web` → `application.shop.web`; names that are too long end in a digest. */
export const setLabel = (name: string): string => {
  const safe = name.replaceAll('/', '.');
  return safe.length <= LONGEST
    ? safe
    : `${safe.slice(0, LONGEST - MARK - 1).replace(/[-_.]+$/, '')}.${sha256(name).slice(0, MARK)}`;
};

/** A Secret with something in it. */
export const holdsSecret = ({ apiVersion, kind, ...object }: KubeObject): boolean =>
  apiVersion === 'v1' &&
  kind === 'Secret' &&
  ['data', 'stringData'].some((member) => Object.keys(mapOf(object[member])).length > 0);

/**
 * A set of rendered objects, each with the labels by which it is found again. Secrets with data never belong to a set:
 * plans and journals show what sets hold. Whoever renders foreign things refuses them before.
 */
export const objectSet = (name: string, objects: readonly KubeObject[]): ObjectSet => ({
  name,
  objects: objects.map((object) => {
    if (holdsSecret(object))
      throw new Error(`${name}: Secret ${object.metadata.name} with data in an object set`);
    const { labels, annotations } = object.metadata;
    return {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...labels, [SET_LABEL]: setLabel(name) },
        annotations: { ...annotations, [SET_ANNOTATION]: name },
      },
    };
  }),
});

/** What a plan binds a set by. */
export const setDigest = ({ name, objects }: ObjectSet): string => digest({ name, objects });

/** A set that is wanted no more: applying it removes what is left of it. */
export const emptySet = (name: string): ObjectSet => ({ name, objects: [] });
