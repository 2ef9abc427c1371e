import { lossOf } from './cells.js';
import type { Shot } from './evidence.js';
import type { NetworkLayout, Probe } from './layout.js';
import type { Outcome } from './outcome.js';
import { type ProbeRun, pairsOf, takesPart } from './run.js';

/**
 * A stateful filter lets a raw protocol in once the host behind it has sent that protocol to the peer, for about ten
 * minutes (generic connection tracking knows addresses and protocol only). So the order of packets decides what
 * a measurement means. FIRST: nobody spoke in this run. WARM: sent again after the peer spoke. COLD: after
 * a silence in which every such state has expired.
 */
const VARIANT = { first: 0, warm: 1, cold: 2 } as const;

const rawProbes = (layout: NetworkLayout): readonly Probe[] =>
  layout.probes.filter(({ kind }) => kind === 'raw');

const shotsOf = (
  run: ProbeRun,
  variant: number,
  wanted: (from: number, to: number) => boolean,
): readonly Shot[] =>
  run.layouts.flatMap((layout) =>
    pairsOf(run, layout)
      .filter(([from, to]) => wanted(from, to))
      .flatMap(([from, to]) => rawProbes(layout).map(({ id }) => ({ probe: id, variant, from, to }))),
  );

/** One direction of every pair, so that it is measured before the peer has spoken. */
export const firstShots = (run: ProbeRun): readonly Shot[] =>
  shotsOf(run, VARIANT.first, (from, to) => from < to);

/** The other direction; the peer's packet may have opened a filter for it. */
export const answerShots = (run: ProbeRun): readonly Shot[] =>
  shotsOf(run, VARIANT.first, (from, to) => from > to);

/** What was lost when sent first, again, now that the peer has spoken. */
export const warmShots = (run: ProbeRun): readonly Shot[] =>
  firstShots(run)
    .filter((shot) => !run.evidence.has('d', shot))
    .map((shot) => ({ ...shot, variant: VARIANT.warm }));

/** Half of the pairs after a silence; the other half needs a silence of its own. */
export const coldShots = (run: ProbeRun, half: 'up' | 'down'): readonly Shot[] =>
  shotsOf(run, VARIANT.cold, (from, to) => (half === 'up' ? from < to : from > to));

export interface ColdOptions {
  /** True when a silence was kept before the COLD shots. */
  readonly deep: boolean;
  /** Protocols that tunnels of a host speak all the time: no silence can be had for them. */
  readonly speaking: (host: number) => readonly number[];
}

/** The cell of a raw protocol: `+` only when a packet passed cold, `w` when it passed otherwise. */
export const rawOutcome = (run: ProbeRun, shot: Shot, { deep, speaking }: ColdOptions): Outcome => {
  if (!takesPart(run, shot.from) || !takesPart(run, shot.to)) return { cell: '?' };
  const passed = (variant: number): boolean => run.evidence.has('d', { ...shot, variant });
  const number = Number(run.probe(shot.probe).number);
  const silent = ![shot.from, shot.to].some((host) => speaking(host).includes(number));
  if (deep && passed(VARIANT.cold))
    return silent
      ? { cell: '+' }
      : { cell: 'w', note: 'a tunnel of the host speaks this protocol: never silent' };
  if (deep && (passed(VARIANT.first) || passed(VARIANT.warm)))
    return { cell: 'w', note: 'lost after a silence, passes after the peer has spoken: a stateful filter' };
  if (passed(VARIANT.first)) return { cell: 'w' };
  if (passed(VARIANT.warm))
    return { cell: 'w', note: 'lost when sent first, passed after the peer had spoken: a stateful filter' };
  return lossOf(run, { ...shot, variant: deep ? VARIANT.cold : VARIANT.first });
};
