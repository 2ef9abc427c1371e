import { count, sentence } from '../../../core/text.js';
import { listOf, mapOf } from '../../clean/draft.js';
import { containersOf, podSpecOf } from '../../references/pod-template.js';
import { wholeImage } from '../../transform/image-registry.js';
import type { CheckInput, TargetCheck } from '../model.js';

/** Names under which nodes of the target have images already. */
const imagesThere = ({ target }: CheckInput): ReadonlySet<string> =>
  new Set(
    (target.lists.get('Node') ?? []).flatMap((node) =>
      listOf(mapOf(node['status'])['images']).flatMap((image) => listOf(mapOf(image)['names']).map(String)),
    ),
  );

/**
 * Says what nobody has checked: whether the nodes can pull an image is known when they have it; otherwise only when they
 * try.
 */
export const imagesKnown: TargetCheck = (input) => {
  const there = imagesThere(input);
  const used = new Set(
    input.carried.objects.flatMap(({ object }) => {
      const pod = podSpecOf(object);
      return pod === undefined
        ? []
        : containersOf(pod).flatMap(({ container }) =>
            typeof container['image'] === 'string' ? [wholeImage(container['image'])] : [],
          );
    }),
  );
  const unknown = [...used].filter((image) => !there.has(image) && !there.has(`${image}:latest`));
  if (unknown.length === 0) return [];
  const registries = [...new Set(unknown.map((image) => image.split('/')[0] ?? ''))].sort();
  return [
    {
      code: 'target-images-unknown',
      severity: 'info',
      message: `whether the nodes can pull ${count(unknown.length, 'image')} from ${sentence(registries)} was not checked: the API cannot tell, and no node of the target has them yet`,
      hint: 'pull one of each registry on a node before: crictl pull IMAGE',
    },
  ];
};
