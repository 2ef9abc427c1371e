import { isMap } from '../../bundle/clean/draft.js';
import type { Path } from '../../spec/path.js';

/** A place where two values differ. */
export interface Change {
  readonly path: Path;
  readonly problem: 'missing' | 'added' | 'differs';
  readonly expected?: unknown;
  readonly found?: unknown;
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isMap(value) && Object.keys(value).length === 0);

/** Members that mean the same empty and absent; elsewhere an empty mapping has a meaning of its own. */
const EMPTY_IS_ABSENT = new Set(['labels', 'annotations', 'nodeSelector']);

const isAbsent = (value: unknown, key: string): boolean =>
  value === undefined || value === null || (EMPTY_IS_ABSENT.has(key) && isEmpty(value));

const ofMaps = (
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: Path,
): readonly Change[] =>
  [...new Set([...Object.keys(expected), ...Object.keys(found)])].flatMap((key): readonly Change[] => {
    const [a, b] = [expected[key], found[key]];
    const at = [...path, key];
    if (isAbsent(a, key) && isAbsent(b, key)) return [];
    if (a === undefined) return [{ path: at, problem: 'added', found: b }];
    if (b === undefined) return [{ path: at, problem: 'missing', expected: a }];
    return changesBetween(a, b, at);
  });

/** Names of the items when each has one of its own: containers, variables, ports. */
const namesOf = (items: readonly unknown[]): readonly string[] | undefined => {
  const names = items.flatMap((item) =>
    isMap(item) && typeof item['name'] === 'string' ? [item['name']] : [],
  );
  return names.length === items.length && new Set(names).size === names.length ? names : undefined;
};

/** Named items are matched by name, so that one more or less does not make all others differ. */
const ofNamed = (
  expected: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
  path: Path,
): readonly Change[] => {
  const places = new Map([...expected.keys()].map((name, index) => [name, index]));
  const common = [...expected.keys()].filter((name) => found.has(name));
  const inOrder = [...found.keys()].filter((name) => expected.has(name)).join('\n') === common.join('\n');
  const order: readonly Change[] = inOrder
    ? []
    : [{ path, problem: 'differs', expected: [...expected.keys()], found: [...found.keys()] }];
  const changes = [...expected].flatMap(([name, item], index): readonly Change[] =>
    found.has(name)
      ? changesBetween(item, found.get(name), [...path, index])
      : [{ path: [...path, index], problem: 'missing', expected: item }],
  );
  const added = [...found].flatMap(([name, item], index): readonly Change[] =>
    places.has(name) ? [] : [{ path: [...path, index], problem: 'added', found: item }],
  );
  return [...order, ...changes, ...added];
};

const ofLists = (expected: readonly unknown[], found: readonly unknown[], path: Path): readonly Change[] => {
  const [a, b] = [namesOf(expected), namesOf(found)];
  if (a !== undefined && b !== undefined) {
    const named = (names: readonly string[], items: readonly unknown[]) =>
      new Map(names.map((name, index) => [name, items[index]]));
    return ofNamed(named(a, expected), named(b, found), path);
  }
  const longest = Math.max(expected.length, found.length);
  return Array.from({ length: longest }, (_, index) => index).flatMap((index): readonly Change[] => {
    const at = [...path, index];
    if (index >= expected.length) return [{ path: at, problem: 'added', found: found[index] }];
    if (index >= found.length) return [{ path: at, problem: 'missing', expected: expected[index] }];
    return changesBetween(expected[index], found[index], at);
  });
};

/** Every place where a value is not what it should be, as deep as possible. Pure. */
export const changesBetween = (expected: unknown, found: unknown, path: Path = []): readonly Change[] => {
  if (isMap(expected) && isMap(found)) return ofMaps(expected, found, path);
  if (Array.isArray(expected) && Array.isArray(found)) return ofLists(expected, found, path);
  return Object.is(expected, found) ? [] : [{ path, problem: 'differs', expected, found }];
};
