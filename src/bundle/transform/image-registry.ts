import type { KubeObject } from '../../core/ports/kube.js';
import { type Path, parsePath, valueAt } from '../../spec/path.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { listOf, mapOf } from '../clean/draft.js';
import { CONTAINER_GROUPS, podSpecOf } from '../references/pod-template.js';
import { withValue } from './edit.js';
import { type Change, isSelected } from './model.js';

type RegistryMap = Extract<Transform, { change: 'image-registry' }>;

/** The whole name of an image: `nginx:1` is `docker.io/library/nginx:1`. */
export const wholeImage = (image: string): string => {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry) return image;
  return rest.length === 0 ? `docker.io/library/${image}` : `docker.io/${image}`;
};

/** The image under its new beginning; undefined when it does not begin so. Whole parts of the name count. */
export const mappedImage = (
  image: string,
  { from, to }: Pick<RegistryMap, 'from' | 'to'>,
): string | undefined => {
  const whole = wholeImage(image);
  const beginning = from.replace(/\/+$/, '');
  if (!whole.startsWith(beginning)) return undefined;
  const rest = whole.slice(beginning.length);
  return /^[/:@]|^$/.test(rest) ? `${to.replace(/\/+$/, '')}${rest}` : undefined;
};

const imagePaths = (object: KubeObject, { paths }: RegistryMap): readonly Path[] => {
  const pod = podSpecOf(object);
  const own =
    pod === undefined
      ? []
      : CONTAINER_GROUPS.flatMap((group) =>
          listOf(pod.spec[group]).map((_, index): Path => [...pod.path, group, index, 'image']),
        );
  // Volumes can be images, too.
  const volumes =
    pod === undefined
      ? []
      : listOf(pod.spec['volumes']).flatMap((volume, index): Path[] =>
          mapOf(volume)['image'] === undefined ? [] : [[...pod.path, 'volumes', index, 'image', 'reference']],
        );
  const custom = paths.filter(({ kind }) => isSelected(object, { kind })).map(({ path }) => parsePath(path));
  return [...own, ...volumes, ...custom];
};

/** Lets images come from another registry: of all containers of all workloads, and where the spec says in CRs. */
export const imageRegistry: Change<RegistryMap> = (object, map) => {
  let result: unknown = object;
  for (const path of imagePaths(object, map)) {
    const image = valueAt(object, path);
    const mapped = typeof image === 'string' ? mappedImage(image, map) : undefined;
    if (mapped !== undefined) result = withValue(result, path, mapped);
  }
  return { object: result as KubeObject, findings: [] };
};
