import { canonicalJson } from '../../core/canonical.js';
import type { CarriedObject } from '../model/carried-object.js';
import type { Gate } from '../model/gate.js';
import { backEndsOf } from './back-ends.js';
import { sorted, withoutCycles } from './components.js';
import { hardEdges, softEdges } from './edges.js';
import { gatesFor } from './gates.js';
import { rankOf, STAGES, type Stage, stageOf } from './stages.js';

/** Objects that may be written at the same time. */
export interface Wave {
  readonly stage: Stage;
  /** Sorted. */
  readonly keys: readonly string[];
  /** What must be true before the first of them is written, and was not awaited by an earlier wave. */
  readonly gates: readonly Gate[];
}

/** Place in the order: the stage, and how many steps after its beginning. */
interface Position {
  readonly rank: number;
  readonly step: number;
}

const later = (a: Position, b: Position): Position =>
  a.rank > b.rank || (a.rank === b.rank && a.step >= b.step) ? a : b;

/** The earliest place of every object: not before its stage, and after all that it waits for. */
const positionsOf = (
  objects: readonly CarriedObject[],
  ranks: ReadonlyMap<string, number>,
): ReadonlyMap<string, Position> => {
  const keys = objects.map(({ key }) => key);
  const hard = withoutCycles(keys, hardEdges(objects));
  // What comes later by its kind is not waited for because of a name alone.
  const wished = new Map(
    [...softEdges(objects)].map(([key, earlier]) => [
      key,
      earlier.filter((each) => (ranks.get(each) ?? 0) <= (ranks.get(key) ?? 0)),
    ]),
  );
  const soft = withoutCycles(keys, wished, hard);
  const before = new Map(keys.map((key) => [key, [...(hard.get(key) ?? []), ...(soft.get(key) ?? [])]]));
  const positions = new Map<string, Position>();
  for (const key of sorted(keys, before)) {
    const own: Position = { rank: ranks.get(key) ?? 0, step: 0 };
    const place = (before.get(key) ?? []).reduce((latest, each) => {
      const { rank, step } = positions.get(each) ?? own;
      return later(latest, { rank, step: step + 1 });
    }, own);
    positions.set(key, place);
  }
  return positions;
};

const groupByPlace = (
  positions: ReadonlyMap<string, Position>,
): readonly (readonly [Position, string[]])[] => {
  const groups = new Map<string, [Position, string[]]>();
  for (const [key, place] of positions) {
    const name = `${place.rank}.${place.step}`;
    const group = groups.get(name) ?? [place, []];
    group[1].push(key);
    groups.set(name, group);
  }
  return [...groups.values()].sort(([a], [b]) => a.rank - b.rank || a.step - b.step);
};

/**
 * Waves in which objects are written: by what their kinds are for, and after what they cannot be without (namespace,
 * definition, owner) or name. Circles of names are broken; circles of owners as well, their links are set when both are
 * there. Pure: any order of the objects gives the same waves.
 */
export const wavesOf = (objects: readonly CarriedObject[]): readonly Wave[] => {
  const backEnds = backEndsOf(objects);
  const ranks = new Map(
    objects.map(({ key, object }) => [
      key,
      rankOf(backEnds.operators.has(key) ? 'operators' : stageOf(object)),
    ]),
  );
  const byKey = new Map(objects.map((each) => [each.key, each]));
  const needs = gatesFor(objects, backEnds);
  const written = new Set<string>();
  const awaited = new Set<string>();
  return groupByPlace(positionsOf(objects, ranks)).map(([{ rank }, unsorted]) => {
    const keys = unsorted.sort();
    const gates = new Map<string, Gate>();
    for (const key of keys) {
      const carried = byKey.get(key);
      for (const { gate, by } of carried === undefined ? [] : needs(carried)) {
        const text = canonicalJson(gate);
        if (written.has(by) && !awaited.has(text)) gates.set(text, gate);
      }
    }
    for (const text of gates.keys()) awaited.add(text);
    for (const key of keys) written.add(key);
    const inOrder = [...gates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gate]) => gate);
    return { stage: STAGES[rank] ?? 'custom resources', keys, gates: inOrder };
  });
};
