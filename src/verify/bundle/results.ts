import { count } from '../../core/text.js';
import { type CheckResult, fail, pass } from '../check.js';
import type { Comparison, IgnoredDifference, ObjectDifference } from './comparison.js';

/** `shop/Deployment.apps/web` as kind and place. */
const partsOf = (key: string): { readonly kind: string; readonly place: string } => {
  const parts = key.split('/');
  const [first = '', second = '', third] = parts;
  return third === undefined
    ? { kind: first, place: second }
    : { kind: second, place: `${first}/${parts.slice(2).join('/')}` };
};

const checkOf = (kind: string): string => `bundle-${kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

/** `spec.replicas is 1, not 2`: one difference in words; of Secrets the place alone. */
export const differenceText = ({ problem, field = '', bundle, target }: ObjectDifference): string => {
  switch (problem) {
    case 'object-missing':
      return 'the target does not have it';
    case 'object-added':
      return 'the bundle does not have it';
    case 'missing':
      return `${field} is missing${bundle === undefined ? '' : `, the bundle has ${bundle}`}`;
    case 'added':
      return `${field} is not in the bundle${target === undefined ? '' : `: ${target}`}`;
    case 'differs':
      return bundle === undefined || target === undefined
        ? `${field} differs`
        : `${field} is ${target}, the bundle has ${bundle}`;
  }
};

const grouped = <T extends { readonly object: string }>(items: readonly T[]): ReadonlyMap<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.object);
    if (group === undefined) groups.set(item.object, [item]);
    else group.push(item);
  }
  return groups;
};

const resultOf = (
  key: string,
  differences: readonly ObjectDifference[],
  ignored: readonly IgnoredDifference[],
): CheckResult => {
  const { kind, place } = partsOf(key);
  const part = { check: checkOf(kind), title: kind, node: place };
  if (differences.length > 0) return fail({ ...part, detail: differences.map(differenceText).join('; ') });
  const aside = ignored.map(({ field = '', reason }) => `${field} (${reason})`);
  return pass({ ...part, detail: aside.length === 0 ? 'equal' : `equal but for ${aside.join(', ')}` });
};

/** Objects that nobody expected, or that nobody needs to. */
const others = (
  { objects }: Comparison,
  differences: ReadonlyMap<string, ObjectDifference[]>,
  ignored: ReadonlyMap<string, IgnoredDifference[]>,
): readonly CheckResult[] => {
  const expected = new Set(objects);
  const title = 'Nothing else in the namespaces of the bundle';
  const added = [...differences.keys()].filter((key) => !expected.has(key));
  const reasons = new Map<string, number>();
  for (const [key, [first]] of ignored)
    if (first !== undefined && !expected.has(key))
      reasons.set(first.reason, (reasons.get(first.reason) ?? 0) + 1);
  const aside = [...reasons].map(([reason, n]) => `${count(n, 'object')} because ${reason}`);
  const detail = aside.length === 0 ? 'nothing else' : `left aside: ${aside.join('; ')}`;
  return added.length === 0
    ? [pass({ check: 'bundle-nothing-else', title, detail })]
    : added.map((key) =>
        fail({ check: 'bundle-nothing-else', title, node: key, detail: 'the bundle does not have it' }),
      );
};

/** A comparison as results of checks: one for each object of the bundle, and for each that nobody expected. */
export const comparisonResults = (comparison: Comparison): readonly CheckResult[] => {
  const differences = grouped(comparison.differences);
  const ignored = grouped(comparison.ignored);
  return [
    ...comparison.objects.map((key) => resultOf(key, differences.get(key) ?? [], ignored.get(key) ?? [])),
    ...others(comparison, differences, ignored),
  ];
};
