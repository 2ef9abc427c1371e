/**
 * The language between Drover and its probe agents: one command or answer a line, words separated by spaces.
 *
 * Commands:
 *   begin MAGIC ME DEADMAN            who the agent is; it ends itself when it hears nothing for DEADMAN seconds
 *   filter CODE,JT,JF,K …             packet filter of taps and raw sockets
 *   net ID INTERFACE ADDRESS CONTROL PEER:ADDRESS,…
 *   probe ID NET KIND NUMBER          KIND: udp tcp icmp raw vxlan wireguard source
 *   tunnel PROBE VNI MTU              makes a VXLAN device for a vxlan probe
 *   guard PROBE KEY PEER:KEY,…        makes a WireGuard device: own private key, public keys of all, hexadecimal
 *   open                              opens the raw sockets
 *   fire PROBE VARIANT TIMES PEERS    queues packets; VARIANT is a size for MTU probes, else a round
 *   go ROUND                          sends what is queued
 *   sync ROUND                        tells all that has arrived by now, then answers
 *   look NET                          tells next hop and neighbour of every peer
 *   counters · beat · quit
 */
export type Reply =
  | { readonly type: 'ready'; readonly language: string; readonly root: boolean }
  | { readonly type: 'net'; readonly net: number; readonly mac: string; readonly mtu: number }
  | {
      readonly type: 'tunnel';
      readonly probe: number;
      readonly device: string | undefined;
      readonly problem: string;
    }
  | { readonly type: 'open' }
  | { readonly type: 'fired'; readonly round: number }
  | { readonly type: 'synced'; readonly round: number }
  | {
      readonly type: 'saw';
      readonly where: Where;
      readonly probe: number;
      readonly variant: number;
      readonly peers: readonly number[];
    }
  | {
      readonly type: 'err';
      readonly probe: number;
      readonly variant: number;
      readonly peer: number;
      readonly errno: string;
    }
  | {
      readonly type: 'rej';
      readonly probe: number;
      readonly peer: number;
      readonly by: string;
      readonly code: number;
    }
  | { readonly type: 'rtt'; readonly probe: number; readonly peer: number; readonly micros: number }
  | {
      readonly type: 'hop';
      readonly net: number;
      readonly peer: number;
      readonly gateway: string | undefined;
      readonly mac: string | undefined;
      readonly state: string;
    }
  | { readonly type: 'looked'; readonly net: number }
  | { readonly type: 'counters'; readonly badChecksums: number }
  | { readonly type: 'fail'; readonly command: string; readonly problem: string };

/**
 * Where a packet was seen. By its sender: o left the interface, a answered, r answered by a reset.
 * By its receiver: i arrived at the interface, d delivered behind the firewall, t came out of the tunnel,
 * c came out of the tunnel damaged, b the answer left, x wrong checksum, p unfinished checksum.
 */
export type Where = 'o' | 'a' | 'r' | 'i' | 'd' | 't' | 'c' | 'b' | 'x' | 'p';

/** Which sightings the sender of a packet reports; all others come from its receiver. */
export const SEEN_BY_SENDER: ReadonlySet<Where> = new Set(['o', 'a', 'r']);

/** `0-3,7` for [0,1,2,3,7]. */
export const formatPeers = (peers: readonly number[]): string => {
  const sorted = [...new Set(peers)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const peer of sorted) {
    const last = ranges.at(-1);
    if (last?.[1] === peer - 1) last[1] = peer;
    else ranges.push([peer, peer]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
};

const parsePeers = (text: string): readonly number[] => text.split(',').map(Number);

const dash = (word: string): string | undefined => (word === '-' ? undefined : word);

type Parser = (words: readonly string[], rest: (from: number) => string) => Reply;

const at = (words: readonly string[], index: number): string => words[index] ?? '';
const number = (words: readonly string[], index: number): number => Number(at(words, index));

const PARSERS: Readonly<Record<Reply['type'], Parser>> = {
  ready: (w) => ({ type: 'ready', language: at(w, 2), root: at(w, 3) === 'root' }),
  net: (w) => ({ type: 'net', net: number(w, 1), mac: at(w, 2), mtu: number(w, 3) }),
  tunnel: (w, rest) => ({ type: 'tunnel', probe: number(w, 1), device: dash(at(w, 2)), problem: rest(3) }),
  open: () => ({ type: 'open' }),
  fired: (w) => ({ type: 'fired', round: number(w, 1) }),
  synced: (w) => ({ type: 'synced', round: number(w, 1) }),
  saw: (w) => ({
    type: 'saw',
    where: at(w, 1) as Where,
    probe: number(w, 2),
    variant: number(w, 3),
    peers: parsePeers(at(w, 4)),
  }),
  err: (w) => ({
    type: 'err',
    probe: number(w, 1),
    variant: number(w, 2),
    peer: number(w, 3),
    errno: at(w, 4),
  }),
  rej: (w) => ({ type: 'rej', probe: number(w, 1), peer: number(w, 2), by: at(w, 3), code: number(w, 4) }),
  rtt: (w) => ({ type: 'rtt', probe: number(w, 1), peer: number(w, 2), micros: number(w, 3) }),
  hop: (w) => ({
    type: 'hop',
    net: number(w, 1),
    peer: number(w, 2),
    gateway: dash(at(w, 3)),
    mac: dash(at(w, 4)),
    state: at(w, 5),
  }),
  looked: (w) => ({ type: 'looked', net: number(w, 1) }),
  counters: (w) => ({ type: 'counters', badChecksums: number(w, 1) }),
  fail: (w, rest) => ({ type: 'fail', command: at(w, 1), problem: rest(2) }),
};

const isType = (word: string): word is Reply['type'] => Object.hasOwn(PARSERS, word);

/** One line of an agent; `undefined` when it is none of its answers (a login banner, say). */
export const parseReply = (line: string): Reply | undefined => {
  const words = line.trim().split(' ');
  const type = at(words, 0);
  return isType(type) ? PARSERS[type](words, (from) => words.slice(from).join(' ')) : undefined;
};
