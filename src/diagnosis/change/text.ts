import type { Way } from './way.js';

/** A way in one line: its price, or what forbids it. */
export const wayText = ({ title, price, conditions, forbidden }: Way): string => {
  if (forbidden.length > 0) return `${title}: not here: ${forbidden.map(({ text }) => text).join('; ')}`;
  const first = conditions.length === 0 ? '' : `; first: ${conditions.join('; ')}`;
  return `${title}. Interruption: ${price.interruption}. Reboots: ${price.reboots}. Lost: ${price.lost}. Back: ${price.back}${first}`;
};
