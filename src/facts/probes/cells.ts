import type { Refusal, Shot } from './evidence.js';
import type { PacketKind, Probe } from './layout.js';
import type { Outcome } from './outcome.js';
import { hasTunnel, type ProbeRun, takesPart } from './run.js';
import { guardOutcome } from './wireguard.js';

const NOT_MEASURED: Outcome = { cell: '?' };

/** `k3s-worker-01 eth0`: a host and its interface on the probe's network. */
const placeOf = (run: ProbeRun, probe: Probe, host: number): string => {
  const name = run.hosts[host] ?? '';
  const member = run.layouts[probe.net]?.network.members[name];
  return member === undefined ? name : `${name} ${member.interface}`;
};

const neighbourSilent = (run: ProbeRun, probe: Probe, { from, to }: Shot): boolean =>
  ['FAILED', 'INCOMPLETE'].includes(run.agents.get(from)?.hop(probe.net, to)?.state ?? '');

/** Errors that speak of the way, not of the sender's own firewall or routes. */
const isPathError = (errno: string | undefined): boolean => errno === 'EHOSTUNREACH';

/** Hosts limit how many ICMP errors they send: one about a port speaks for all probes of that port. */
const refusalOf = (run: ProbeRun, shot: Shot): Refusal | undefined => {
  const own = run.probe(shot.probe);
  const carrier = (kind: PacketKind): PacketKind => (kind === 'vxlan' ? 'udp' : kind);
  const siblings = (run.layouts[own.net]?.probes ?? []).filter(
    ({ kind, number }) => number === own.number && carrier(kind) === carrier(own.kind),
  );
  return siblings
    .map(({ id }) => run.evidence.refusal({ ...shot, probe: id }))
    .find((found) => found !== undefined);
};

/** Where a packet that was not delivered was seen last. */
export const lossOf = (run: ProbeRun, shot: Shot): Outcome => {
  const { evidence } = run;
  const probe = run.probe(shot.probe);
  const [from, to] = [placeOf(run, probe, shot.from), placeOf(run, probe, shot.to)];
  const refusal = refusalOf(run, shot);
  const refused =
    refusal === undefined ? '' : `, refused by ${refusal.by} (ICMP unreachable, code ${refusal.code})`;
  if (evidence.has('i', shot))
    return refusal === undefined
      ? { cell: 'n', note: `reached ${to}, dropped by that host` }
      : { cell: 'r', note: `reached ${to}${refused}` };
  if (refusal !== undefined) return { cell: 'r', note: `left ${from}${refused}` };
  if (evidence.has('o', shot)) return { cell: '-', note: `left ${from}, never reached ${to}` };
  const errno = evidence.errno(shot);
  if (neighbourSilent(run, probe, shot) && (errno === undefined || isPathError(errno)))
    return { cell: '-', note: `nobody answered ARP for ${to} on ${from}` };
  return { cell: 's', note: `never left ${from}${errno === undefined ? '' : ` (${errno})`}` };
};

/** True when the receiver's kernel counted as many bad checksums as the agents suspect. */
const damaged = (run: ProbeRun, shot: Shot): boolean => {
  const readings = run.agents.get(shot.to)?.badChecksums ?? [];
  const grown = (readings.at(-1) ?? 0) - (readings[0] ?? 0);
  if (grown <= 0) return false;
  if (run.evidence.has('x', shot)) return true;
  return run.evidence.has('p', shot) && grown >= run.evidence.countAt('p', shot.to);
};

const udpOutcome = (run: ProbeRun, shot: Shot): Outcome => {
  if (!run.evidence.has('d', shot)) return lossOf(run, shot);
  return damaged(run, shot) ? { cell: 'c', note: 'arrived with a wrong UDP checksum' } : { cell: '+' };
};

const tcpOutcome = (run: ProbeRun, shot: Shot): Outcome => {
  const { has } = run.evidence;
  const [sender, receiver] = [run.hosts[shot.from] ?? '', run.hosts[shot.to] ?? ''];
  if (has('a', shot)) return { cell: '+' };
  if (has('d', shot)) {
    if (has('r', shot)) return { cell: '+' };
    if (has('b', shot))
      return { cell: '-', note: `${receiver} answered, the answer never reached ${sender}` };
    return { cell: 'n', note: `${receiver} received it and sent no answer` };
  }
  if (has('r', shot)) return { cell: 'r', note: 'reset before it was delivered: a firewall rejects it' };
  return lossOf(run, shot);
};

const tunnelOutcome = (run: ProbeRun, shot: Shot): Outcome => {
  const { has } = run.evidence;
  if (has('t', shot)) return { cell: '+' };
  if (has('c', shot)) return { cell: 'c', note: 'came out of the tunnel with a wrong checksum' };
  if (!has('d', shot)) return lossOf(run, shot);
  if (!hasTunnel(run, shot.probe, shot.to))
    return { cell: '+', note: 'frame captured, not decapsulated: no device' };
  const readings = run.agents.get(shot.to)?.badChecksums ?? [];
  return (readings.at(-1) ?? 0) > (readings[0] ?? 0)
    ? { cell: 'c', note: 'outer UDP checksum wrong: the kernel dropped it' }
    : { cell: 'n', note: `delivered to ${run.hosts[shot.to] ?? ''}, not decapsulated` };
};

const sourceOutcome = (run: ProbeRun, shot: Shot): Outcome => {
  if (run.evidence.has('d', shot)) return { cell: '+' };
  const probe = run.probe(shot.probe);
  const unknownHop = run.agents.get(shot.from)?.hop(probe.net, shot.to)?.mac === undefined;
  return unknownHop ? NOT_MEASURED : lossOf(run, shot);
};

/** What became of plain datagrams to the port of a probe. */
const plainOutcome = (run: ProbeRun, shot: Shot): Outcome | undefined => {
  const { net, number } = run.probe(shot.probe);
  const udp = run.layouts[net]?.probes.find((one) => one.kind === 'udp' && one.number === number);
  return udp === undefined ? undefined : udpOutcome(run, { ...shot, probe: udp.id });
};

/** The cell of an ordinary probe: one kind of packet, one answer. Raw protocols have their own, see raw-protocol.ts. */
export const outcomeOf = (run: ProbeRun, shot: Shot): Outcome => {
  if (!takesPart(run, shot.from) || !takesPart(run, shot.to)) return NOT_MEASURED;
  switch (run.probe(shot.probe).kind) {
    case 'tcp':
      return tcpOutcome(run, shot);
    case 'vxlan':
      return tunnelOutcome(run, shot);
    case 'source':
      return sourceOutcome(run, shot);
    case 'wireguard':
      return guardOutcome(run, shot, (one) => plainOutcome(run, one));
    case 'icmp':
      return run.evidence.has('d', shot) ? { cell: '+' } : lossOf(run, shot);
    case 'udp':
    case 'raw':
      return udpOutcome(run, shot);
  }
};
