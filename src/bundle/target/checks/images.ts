import type { ImageAnswer } from '../../../core/ports/image-registry.js';
import { count, sentence } from '../../../core/text.js';
import type { BundleFinding } from '../../model/report.js';
import { registryOf, usedImages } from '../ask-images.js';
import type { TargetCheck } from '../model.js';

const FROM_HERE = 'asked from this machine; nodes may use a mirror';

const findingOf = (image: string, by: string, answer: ImageAnswer): readonly BundleFinding[] => {
  switch (answer.kind) {
    case 'absent':
      return [
        {
          code: 'target-image-absent',
          severity: 'error',
          object: by,
          message: `its registry has no ${image} (${answer.detail}; ${FROM_HERE})`,
          hint: 'push it there, or map it with a transform image-registry',
        },
      ];
    case 'denied':
      return [
        {
          code: 'target-image-denied',
          severity: 'warning',
          object: by,
          message: `its registry does not give ${image} with the pull secrets that are carried (${answer.detail}; ${FROM_HERE})`,
          hint: 'carry a pull secret, or declare one under spec.secrets.registries',
        },
      ];
    case 'there':
    case 'unknown':
      return [];
  }
};

/** Images that nodes could not pull, and those of which nobody knows. What a node of the target has already is not asked. */
export const imagesKnown: TargetCheck = ({ carried, target }) => {
  const asked = usedImages(carried.objects).flatMap(({ image, by }) => {
    const answer = target.images.get(image);
    return answer === undefined ? [] : [{ image, by, answer }];
  });
  const unknown = asked.filter(({ answer }) => answer.kind === 'unknown');
  const registries = [...new Set(unknown.map(({ image }) => registryOf(image)))].sort();
  const reasons = [...new Set(unknown.flatMap(({ answer }) => ('detail' in answer ? [answer.detail] : [])))];
  return [
    ...asked.flatMap(({ image, by, answer }) => findingOf(image, by, answer)),
    ...(unknown.length === 0
      ? []
      : [
          {
            code: 'target-images-unknown',
            severity: 'info' as const,
            message: `whether the nodes can pull ${count(unknown.length, 'image')} from ${sentence(registries)} is not known: ${reasons.join('; ')} (${FROM_HERE})`,
            hint: 'pull one of each registry on a node before: crictl pull IMAGE',
          },
        ]),
  ];
};
