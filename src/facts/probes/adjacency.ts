import type { Outcome } from './outcome.js';
import { type ProbeRun, takesPart } from './run.js';

/**
 * Whether two hosts share an L2 segment: the route has no gateway, and the address that answered ARP is the peer's
 * own. An answer with another address is a gateway's (proxy ARP), as in provider networks that look flat.
 */
export const adjacencyOutcome = (
  run: ProbeRun,
  net: number,
  [from, to]: readonly [number, number],
): Outcome => {
  const hop = run.agents.get(from)?.hop(net, to);
  const own = run.agents.get(to)?.net(net)?.mac;
  if (!takesPart(run, from) || !takesPart(run, to) || hop === undefined || own === undefined)
    return { cell: '?' };
  if (hop.gateway !== undefined) return { cell: '-', note: `routed through ${hop.gateway}` };
  if (hop.mac === undefined) return { cell: '?', note: 'nobody answered ARP' };
  if (hop.mac === own) return { cell: '+' };
  return { cell: '-', note: `ARP is answered by ${hop.mac}, the peer has ${own}: proxy ARP` };
};
