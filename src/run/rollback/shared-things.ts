import { isPending, type Survey, type Thing } from './survey.js';

/** What hosts, and the cluster of a role, say about saved things. */
export type Surveys = ReadonlyMap<string, Survey>;

/** One thing that several actions changed, by their places in the order of the way back: the last action first. */
type Shared = Map<number, Thing>;

const keyOf = ({ kind, name }: Thing): string => `${kind} ${name}`;

/** By kind and name. */
const sharedIn = (survey: Survey, begun: readonly string[]): ReadonlyMap<string, Shared> => {
  const all = new Map<string, Shared>();
  for (const [place, id] of begun.entries())
    for (const thing of survey.get(id) ?? []) {
      const shared = all.get(keyOf(thing)) ?? new Map<number, Thing>();
      all.set(keyOf(thing), shared.set(place, thing));
    }
  return new Map([...all].filter(([, { size }]) => size > 1));
};

const firstOf = (shared: Shared): readonly [number, Thing] | undefined => [...shared].at(-1);

/**
 * The thing is again what the first action found. What came in between may still have to be there while that is taken
 * back, if the last action left the thing so: what was put in for a while and taken out again.
 */
const isSettled = (shared: Shared, between: (from: number, to: number) => boolean): boolean => {
  const [last] = shared;
  const first = firstOf(shared);
  if (last === undefined || first === undefined || first[1].verdict !== 'saved') return false;
  return last[1].verdict !== 'left' || !between(last[0], first[0]);
};

/** What each action will find of the thing on the way back, when the later ones are taken back. */
const chained = (shared: Shared): Shared => {
  const found: Shared = new Map();
  let state: string | undefined;
  for (const [place, thing] of shared) {
    const seen = state === undefined ? thing : metIn(state, thing);
    found.set(place, seen);
    if (isPending(seen)) state = thing.saved;
  }
  return found;
};

const metIn = (state: string, thing: Thing): Thing => {
  if (thing.verdict === 'damaged' || thing.verdict === 'kept') return thing;
  if (thing.saved === state) return { ...thing, verdict: 'saved', now: state };
  return { ...thing, verdict: thing.verdict === 'unknown' ? 'unknown' : 'left', now: state };
};

const settle = (shared: Shared): Shared =>
  new Map([...shared].map(([place, thing]) => [place, { ...thing, verdict: 'saved' as const }]));

const judged = (
  survey: Survey,
  begun: readonly string[],
  between: (from: number, to: number) => boolean,
): Survey => {
  const met = new Map(
    [...sharedIn(survey, begun)].map(([key, shared]) => [
      key,
      isSettled(shared, between) ? settle(shared) : chained(shared),
    ]),
  );
  return new Map(
    [...survey].map(([id, things]) => {
      const place = begun.indexOf(id);
      return [id, things.map((thing) => met.get(keyOf(thing))?.get(place) ?? thing)];
    }),
  );
};

/**
 * Several actions of a run may have changed one thing: what is to be put back of it by each of them.
 * @param begun ids of actions, the last one first
 * @param isUndone whether an action will be taken back, by what is known of its things
 */
export const judgeShared = (
  surveys: Surveys,
  begun: readonly string[],
  isUndone: (surveys: Surveys, id: string) => boolean,
): Surveys => {
  const all = (between: (from: number, to: number) => boolean): Surveys =>
    new Map([...surveys].map(([where, survey]) => [where, judged(survey, begun, between)]));
  const settled = all(() => false);
  return all((from, to) => begun.slice(from + 1, to).some((id) => isUndone(settled, id)));
};
