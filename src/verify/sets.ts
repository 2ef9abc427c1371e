import { count, sentence } from '../core/text.js';
import type { LiveSet } from '../steps/sets/live-set.js';
import { type CheckResult, fail, pass } from './check.js';

const PART = { check: 'object-set', title: 'The object set is as the spec renders it, and ready' };

const resultOf = (live: LiveSet, wanted: ReadonlySet<string>): CheckResult => {
  const { name, objects, unready } = live;
  const open = objects.filter(({ verdict }) => verdict !== 'keep').map(({ key }) => key);
  if (!wanted.has(name))
    return fail({ ...PART, node: name, detail: `wanted no more, but there: ${sentence(open)}` });
  if (open.length > 0) return fail({ ...PART, node: name, detail: `not as rendered: ${sentence(open)}` });
  if (unready.length > 0) return fail({ ...PART, node: name, detail: sentence(unready) });
  return pass({ ...PART, node: name, detail: `${count(objects.length, 'object')}, all ready` });
};

/** Each object set by a dry run that shows nothing to do, and by its workloads. Pure. */
export const checkSets = (seen: readonly LiveSet[], wanted: readonly string[]): CheckResult[] => {
  const names = new Set(wanted);
  return seen.map((live) => resultOf(live, names));
};

/** Sets that could not be rendered or compared are no proof of anything. */
export const setsUnseen = (detail: string): CheckResult => fail({ ...PART, detail });
