import { sentence } from '../core/text.js';
import type { Change } from '../steps/change.js';

/** `shop/Deployment.apps/web` → `shop/Deployment.apps` and `web`. */
const split = (key: string): readonly [string, string] => {
  const at = key.lastIndexOf('/');
  return at < 0 ? ['', key] : [key.slice(0, at), key.slice(at + 1)];
};

const NAMES = 5;

/**
 * Thousands of objects in a few lines: those of one namespace and kind to which the same happens stand together, by name
 * as far as they fit. Objects that change keep a line of their own, with the fields.
 */
export const objectChanges = (changes: readonly Change[], full: boolean): readonly Change[] => {
  if (full) return changes;
  const groups = new Map<
    string,
    { readonly change: Change; readonly place: string; readonly names: string[] }
  >();
  for (const change of changes) {
    const [place, name] = split(change.what);
    const alone = change.before !== undefined || change.after !== undefined;
    const key = `${change.kind} ${alone ? change.what : place}`;
    const group = groups.get(key) ?? { change, place, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ change, place, names }) =>
    names.length === 1 ? change : { kind: change.kind, what: `${place}: ${sentence(names, NAMES)}` },
  );
};
