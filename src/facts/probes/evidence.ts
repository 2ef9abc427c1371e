import { type Reply, SEEN_BY_SENDER, type Where } from './protocol.js';

/** One packet that was asked for: which probe, its variant (a size or a round), from which host to which, by index. */
export interface Shot {
  readonly probe: number;
  readonly variant: number;
  readonly from: number;
  readonly to: number;
}

export interface Refusal {
  /** Address that sent the ICMP error. */
  readonly by: string;
  /** ICMP code of "destination unreachable". */
  readonly code: number;
}

/** Everything that the agents told about packets, by host index; one byte per ordered pair and sighting. */
export interface Evidence {
  readonly has: (where: Where, shot: Shot) => boolean;
  readonly errno: (shot: Shot) => string | undefined;
  readonly refusal: (shot: Shot) => Refusal | undefined;
  /** Best round trip of a probe in microseconds. */
  readonly roundTrip: (shot: Shot) => number | undefined;
  /** How many senders a receiver saw so; used to weigh counters of a whole host. */
  readonly countAt: (where: Where, to: number) => number;
  /** Takes a reply of host `reporter`; true when it told something about packets. */
  readonly take: (reporter: number, reply: Reply) => boolean;
}

const pairOf = (shot: Shot): string => `${shot.probe} ${shot.from} ${shot.to}`;

export const createEvidence = (hosts: number): Evidence => {
  const seen = new Map<string, Uint8Array>();
  const errors = new Map<string, string>();
  const refusals = new Map<string, Refusal>();
  const roundTrips = new Map<string, number>();
  const counts = new Map<string, number>();

  const mark = (where: Where, shot: Shot): void => {
    const slot = `${where} ${shot.probe} ${shot.variant}`;
    const grid = seen.get(slot) ?? new Uint8Array(hosts * hosts);
    seen.set(slot, grid);
    grid[shot.from * hosts + shot.to] = 1;
    counts.set(`${where} ${shot.to}`, (counts.get(`${where} ${shot.to}`) ?? 0) + 1);
  };
  const takeSightings = (reporter: number, reply: Extract<Reply, { type: 'saw' }>): void => {
    for (const peer of reply.peers) {
      const [from, to] = SEEN_BY_SENDER.has(reply.where) ? [reporter, peer] : [peer, reporter];
      mark(reply.where, { probe: reply.probe, variant: reply.variant, from, to });
    }
  };
  const take = (from: number, reply: Reply): boolean => {
    switch (reply.type) {
      case 'saw':
        takeSightings(from, reply);
        return true;
      case 'err':
        errors.set(`${pairOf({ ...reply, from, to: reply.peer })} ${reply.variant}`, reply.errno);
        return true;
      case 'rej':
        refusals.set(`${reply.probe} ${from} ${reply.peer}`, { by: reply.by, code: reply.code });
        return true;
      case 'rtt':
        roundTrips.set(`${reply.probe} ${from} ${reply.peer}`, reply.micros);
        return true;
      default:
        return false;
    }
  };
  return {
    has: (where, shot) =>
      seen.get(`${where} ${shot.probe} ${shot.variant}`)?.[shot.from * hosts + shot.to] === 1,
    errno: (shot) => errors.get(`${pairOf(shot)} ${shot.variant}`),
    refusal: (shot) => refusals.get(pairOf(shot)),
    roundTrip: (shot) => roundTrips.get(pairOf(shot)),
    countAt: (where, to) => counts.get(`${where} ${to}`) ?? 0,
    take,
  };
};
