import { containersOf } from '../pods.js';
import { definePolicyRule } from '../rule.js';

/** The tag of an image reference; a colon before the last slash belongs to the registry's port. */
const tagOf = (image: string): string | undefined => /:([^:/@]+)(@|$)/.exec(image)?.[1];

const judged = (image: string): string | undefined => {
  if (image.includes('@sha256:')) return undefined;
  const tag = tagOf(image);
  if (tag === undefined) return `${image} has no tag, which means latest`;
  return tag === 'latest' ? `${image} is another image tomorrow` : undefined;
};

export const noLatestImages = definePolicyRule({
  code: 'no-latest-images',
  title: 'Images have a tag that stays, or a digest',
  explain: `\`latest\` names whatever was pushed last: nodes run different programs under one name, a restart is an upgrade, and nothing can be rolled
back. An image without a tag means \`latest\` too.`,
  fix: 'name a version, or a digest (image@sha256:…)',
  check: (object) =>
    containersOf(object).flatMap(({ path, name, fields: { image } }) => {
      const wrong = typeof image === 'string' ? judged(image) : undefined;
      return wrong === undefined ? [] : [{ path: [...path, 'image'], text: `container ${name}: ${wrong}` }];
    }),
});
