import type { Path } from '../../spec/path.js';
import { isMap, type Loose } from '../clean/draft.js';

/** Changes every text in a value that a function gives another text for; the value itself stays as it is. */
export const mapTexts = (
  value: unknown,
  change: (text: string, path: Path) => string,
  path: Path = [],
): unknown => {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, change, [...path, index]));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mapTexts(member, change, [...path, key])]),
  );
};

/** A value with one member replaced; the path must lead through mappings and lists that exist. */
export const withValue = (root: unknown, path: Path, value: unknown): unknown => {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(root))
    return root.map((item: unknown, index) => (index === segment ? withValue(item, rest, value) : item));
  const map: Loose = isMap(root) ? root : {};
  return { ...map, [segment]: withValue(map[segment], rest, value) };
};

/** A value without one member. */
export const withoutValue = (root: unknown, path: Path): unknown => {
  const [segment, ...rest] = path;
  if (segment === undefined) return undefined;
  if (rest.length > 0) {
    if (Array.isArray(root))
      return root.map((item: unknown, index) => (index === segment ? withoutValue(item, rest) : item));
    return isMap(root) && Object.hasOwn(root, segment)
      ? { ...root, [segment]: withoutValue(root[segment], rest) }
      : root;
  }
  if (Array.isArray(root)) return root.filter((_, index) => index !== segment);
  if (!isMap(root)) return root;
  const { [segment]: _, ...others } = root;
  return others;
};
