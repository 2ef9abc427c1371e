import { type Cidr, cidrOf, contains, formatCidr, parseCidr } from '../../../core/cidr.js';

const bitsOf = ({ family }: Cidr): bigint => (family === 4 ? 32n : 128n);

/** The other half of the range that holds this one. */
const sibling = (range: Cidr): Cidr => ({
  ...range,
  network: range.network ^ (1n << (bitsOf(range) - BigInt(range.prefix))),
});

/**
 * The rest of a range without one part of it, as the fewest ranges, the largest first. Empty when the part is the whole
 * range or does not lie in it.
 */
export const restOfRange = (whole: string, part: string): readonly string[] => {
  const [outer, inner] = [parseCidr(whole), parseCidr(part)];
  if (outer === undefined || inner === undefined || !contains(outer, inner)) return [];
  const prefixes = Array.from({ length: inner.prefix - outer.prefix }, (_, i) => outer.prefix + 1 + i);
  const first = { family: inner.family, value: inner.network };
  return prefixes.map((prefix) => formatCidr(sibling(cidrOf(first, prefix))));
};
