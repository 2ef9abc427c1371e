import type { Shot } from './evidence.js';
import type { NetworkLayout, Probe } from './layout.js';
import { largestPassed, type MtuState, nextSizes } from './mtu.js';
import type { Where } from './protocol.js';
import { hasTunnel, type ProbeRun, pairsOf } from './run.js';

/** Bytes that VXLAN adds to an inner IPv4 packet: Ethernet 14, VXLAN 8, UDP 8, IP 20. */
export const VXLAN_OVERHEAD = 50;
/** Rounds of size probes after which the search is given up. */
export const MTU_ROUNDS = 6;

/** A search for the largest packet on one ordered pair. */
export interface SizeSearch {
  readonly probe: Probe;
  readonly from: number;
  readonly to: number;
  readonly state: MtuState & { readonly tried: Set<number> };
}

/** Outside, the interface decides: what the receiver's own firewall does is not the path's business. */
const arrivalOf = (run: ProbeRun, probe: Probe, to: number): Where => {
  if (probe.kind === 'udp') return 'i';
  return hasTunnel(run, probe.id, to) ? 't' : 'd';
};

const search = (run: ProbeRun, probe: Probe, [from, to]: readonly [number, number]): SizeSearch => {
  const overhead = probe.kind === 'vxlan' ? VXLAN_OVERHEAD : 0;
  const mtu = run.agents.get(from)?.net(probe.net)?.mtu ?? 0;
  const arrived = arrivalOf(run, probe, to);
  const passed = (size: number): boolean =>
    run.evidence.has(arrived, { probe: probe.id, variant: size, from, to });
  return { probe, from, to, state: { top: mtu - overhead, overhead, tried: new Set(), passed } };
};

const sizeProbes = (layout: NetworkLayout): readonly Probe[] =>
  layout.probes.filter(({ kind, control }) => kind === 'vxlan' || (kind === 'udp' && control));

/** One search for every pair, outside (control port) and inside each VXLAN tunnel. */
export const sizeSearches = (run: ProbeRun): readonly SizeSearch[] =>
  run.layouts.flatMap((layout) =>
    pairsOf(run, layout).flatMap((pair) => sizeProbes(layout).map((probe) => search(run, probe, pair))),
  );

/** The packets of the next round; marks them as tried. Pairs on which not even a small packet passed are left out. */
export const sizeShots = (searches: readonly SizeSearch[]): readonly Shot[] =>
  searches.flatMap(({ probe, from, to, state }) => {
    const base = { probe: probe.id, from, to };
    const first = state.tried.size === 0;
    if (!first && !state.passed(0)) return [];
    const sizes = nextSizes(state);
    for (const size of sizes) state.tried.add(size);
    return sizes.map((variant) => ({ ...base, variant }));
  });

/** Largest packet of a finished search in bytes. */
export const sizeOf = (
  searches: readonly SizeSearch[],
): ((probe: number, from: number, to: number) => number | undefined) => {
  const byPair = new Map(searches.map((one) => [`${one.probe.id} ${one.from} ${one.to}`, one.state]));
  return (probe, from, to) => {
    const state = byPair.get(`${probe} ${from} ${to}`);
    return state === undefined ? undefined : largestPassed(state);
  };
};
