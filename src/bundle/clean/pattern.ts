import type { Path } from '../../spec/path.js';

/**
 * Where fields stand: segments of a path. `*` matches every key or item; a text that ends in `*` every key that
 * begins so.
 */
export type Pattern = readonly string[];

const fits = (segment: string, key: string): boolean =>
  segment.endsWith('*') ? key.startsWith(segment.slice(0, -1)) : segment === key;

const keysOf = (value: unknown): readonly (string | number)[] => {
  if (Array.isArray(value)) return value.map((_, index) => index);
  return value !== null && typeof value === 'object' ? Object.keys(value) : [];
};

/** All paths in a value that a pattern matches; later items first, so that items may be taken out one by one. */
export const matches = (root: unknown, pattern: Pattern): readonly Path[] => {
  const [segment, ...rest] = pattern;
  if (segment === undefined) return [[]];
  const keys = keysOf(root)
    .filter((key) => fits(segment, String(key)))
    .reverse();
  return keys.flatMap((key) =>
    matches((root as Record<string | number, unknown>)[key], rest).map((path) => [key, ...path]),
  );
};
