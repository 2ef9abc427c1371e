import { defineSpecRule } from '../rule.js';

const tagOf = (image: string): string | undefined => {
  if (image.includes('@sha256:')) return 'digest';
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.includes(':') ? name.slice(name.indexOf(':') + 1) : undefined;
};

export const imageMoves = defineSpecRule({
  code: 'image-moves',
  title: 'An image is named by a tag that moves',
  severity: 'warning',
  explain: `\`latest\`, or no tag at all, means another image tomorrow: two nodes may run different programs, and a rollback brings nothing
back. Name a version, or a digest.`,
  reads: ['applications'],
  check: ({ applications }, { at }) =>
    applications.flatMap(({ name, image }, index) =>
      [undefined, 'latest', 'main', 'master', 'stable'].includes(tagOf(image))
        ? [
            {
              message: `the image of ${name} moves`,
              location: at(['spec', 'applications', index, 'image']),
              hint: 'name a version or a digest',
            },
          ]
        : [],
    ),
});
