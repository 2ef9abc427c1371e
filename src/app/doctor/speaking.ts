import type { HostFacts } from '../../facts/model/host-facts.js';

/** IP protocols that a tunnel device of this kind sends by itself. */
const SPOKEN: Readonly<Record<string, number>> = { ipip: 4, gre: 47, gretap: 47 };

/**
 * Protocols that tunnels of each host speak, by host name: they keep filters open, so that no silence proves a
 * cold passage. Devices that are down say nothing.
 */
export const speakingOf = (facts: readonly HostFacts[]): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    facts.flatMap(({ name, sections }) => {
      const spoken = (sections.links?.value ?? []).flatMap(({ kind = '', up }) =>
        up ? (SPOKEN[kind] ?? []) : [],
      );
      return spoken.length === 0 ? [] : [[name, [...new Set(spoken)]]];
    }),
  );
