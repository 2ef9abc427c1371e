import type { GuardSample } from '../../guard.js';
import type { ProberKind, RecordEntry, RelayLine } from './lines.js';
import type { OutageRecord } from './outage-record.js';
import { pairSubject, serviceSubject } from './params.js';

/*
 * What the probers of all nodes say, put together. Each outage is measured on one host's clock, from the first sample that was
 * not answered to the next one that was. A prober that is gone takes its pairs with it until it asks again: that is what the
 * pods of its node go through. Of Services it says nothing meanwhile: they lack nobody. Where only the line to Drover is cut, its record tells later what was.
 */

interface Prober {
  readonly record: string;
  readonly node: string;
  readonly kind: ProberKind;
  /** Up to when everything that it asked is known, on Drover's clock. */
  known: number;
  gone: boolean;
}

interface Subject {
  readonly prober: string;
  /** Undefined = it has never answered. */
  up: boolean | undefined;
  since: number;
  why: string;
  source: string | undefined;
}

interface Line {
  /** Drover's clock minus the host's; the smallest difference seen is the one with the least delay. */
  offset: number | undefined;
  lastBeat: number;
  heard: number;
}

export interface LedgerPorts {
  /** Wall time of a moment of the monotonic clock, ISO 8601. */
  readonly wall: (at: number) => string;
  readonly keep: (record: OutageRecord) => void;
}

export interface Ledger {
  /** A relay was opened, anew or again. */
  readonly opened: (node: string, now: number) => void;
  readonly take: (node: string, line: RelayLine, now: number) => void;
  /** What is new since it was asked last; what is down is told again each time. */
  readonly samples: () => GuardSample[];
  /** Addresses of the pods that ask on each node, as they said themselves. */
  readonly addresses: () => ReadonlyMap<string, string>;
  /** Where each record of a node goes on. */
  readonly offsets: (node: string) => ReadonlyMap<string, number>;
  /** Subjects about which something is known. */
  readonly judged: () => ReadonlySet<string>;
  /** Up to when a node and the probers that live on it were heard; undefined = never. */
  readonly lastHeard: (node: string) => number | undefined;
  /** Tells the outages that have not ended. */
  readonly close: (now: number) => void;
}

const subjectOf = ({ node, kind }: Prober, target: string): string => {
  const peer = /^pod:(.+)$/.exec(target)?.[1];
  if (peer !== undefined) return pairSubject(kind, node, peer);
  return serviceSubject(target === 'dns' || target === 'out' ? target : 'clusterip', node);
};

const key = (node: string, kind: ProberKind): string => `${kind}:${node}`;

export const createLedger = ({ wall, keep }: LedgerPorts): Ledger => {
  const lines = new Map<string, Line>();
  const probers = new Map<string, Prober>();
  const subjects = new Map<string, Subject>();
  const addresses = new Map<string, string>();
  const offsets = new Map<string, Map<string, number>>();
  const judged = new Set<string>();
  let fresh: GuardSample[] = [];

  const tellOutage = (subject: string, state: Subject, to: number, open: boolean): void => {
    const ms = Math.max(0, Math.round(to - state.since));
    const times = { from: wall(state.since), to: wall(to), ms };
    keep({ type: 'outage', subject, ...times, why: state.why, ...(open ? { open } : {}) });
  };

  const goDown = (subject: string, state: Subject, at: number, why: string): void => {
    if (state.up !== true) return;
    Object.assign(state, { up: false, since: at, why });
    fresh.push({ subject, ok: false, detail: why, at });
  };

  const goUp = (subject: string, state: Subject, at: number, source: string): void => {
    const time = state.up === false ? Math.max(at, state.since) : at;
    if (state.up === false) tellOutage(subject, state, time, false);
    if (source !== '-' && source !== state.source) {
      const before = state.source === undefined ? {} : { before: state.source };
      keep({ type: 'source', subject, at: wall(time), source, ...before });
      state.source = source;
    }
    if (state.up !== true) fresh.push({ subject, ok: true, detail: 'answered', at: time });
    state.up = true;
  };

  const stateOf = (subject: string, prober: Prober): Subject => {
    const known = subjects.get(subject);
    if (known !== undefined) return known;
    const made: Subject = {
      prober: key(prober.node, prober.kind),
      up: undefined,
      since: 0,
      why: '',
      source: undefined,
    };
    subjects.set(subject, made);
    return made;
  };

  const leave = (prober: Prober): void => {
    prober.gone = true;
    for (const [subject, state] of subjects)
      if (state.prober === key(prober.node, prober.kind) && subject.includes('→'))
        goDown(subject, state, prober.known, `the ${prober.kind} that asks on ${prober.node} is gone`);
  };

  const begin = (record: string, entry: Extract<RecordEntry, { type: 'began' }>, at: number): void => {
    const { node, kind, address } = entry;
    const before = probers.get(key(node, kind));
    if (before !== undefined && !before.gone) leave(before);
    probers.set(key(node, kind), { record, node, kind, known: at, gone: false });
    if (kind === 'pod') addresses.set(node, address);
  };

  const enter = (node: string, line: Extract<RelayLine, { type: 'record' }>, offset: number): void => {
    const { record, entry } = line;
    const at = entry.at + offset;
    const places = offsets.get(node) ?? new Map<string, number>();
    if (line.offset <= (places.get(record) ?? 0)) return;
    offsets.set(node, places.set(record, line.offset));
    if (entry.type === 'began') {
      begin(record, entry, at);
      return;
    }
    const prober = [...probers.values()].find((each) => each.node === node && each.record === record);
    if (prober === undefined) return;
    if (entry.type === 'mark') {
      prober.known = Math.max(prober.known, at);
      return;
    }
    const subject = subjectOf(prober, entry.target);
    judged.add(subject);
    const state = stateOf(subject, prober);
    if (entry.type === 'up') goUp(subject, state, at, entry.source);
    else goDown(subject, state, at, entry.why);
  };

  const take: Ledger['take'] = (node, line, now) => {
    const from = lines.get(node);
    if (from === undefined || line.type === 'refused') return;
    from.heard = now;
    if (line.type === 'beat') {
      from.offset = Math.min(from.offset ?? Number.POSITIVE_INFINITY, now - line.at);
      from.lastBeat = line.at + from.offset;
    } else if (from.offset !== undefined && line.type === 'record') enter(node, line, from.offset);
    else if (line.type === 'gone') {
      const prober = [...probers.values()].find((each) => each.node === node && each.record === line.record);
      if (prober !== undefined && !prober.gone) leave(prober);
    }
  };

  /** Up to when it is certain that a subject is still down. */
  const knownFor = ({ prober: id, since }: Subject): number => {
    const prober = probers.get(id);
    if (prober === undefined) return since;
    return Math.max(since, prober.gone ? (lines.get(prober.node)?.lastBeat ?? since) : prober.known);
  };

  const lastHeard: Ledger['lastHeard'] = (node) => {
    const line = lines.get(node);
    if (line === undefined) return undefined;
    const alive = [...probers.values()].filter((prober) => prober.node === node && !prober.gone);
    return Math.min(line.heard, ...alive.map(({ known }) => known));
  };

  return {
    opened: (node, now) => {
      const before = lines.get(node);
      lines.set(node, { offset: undefined, lastBeat: before?.lastBeat ?? now, heard: now });
    },
    take,
    samples: () => {
      const told = fresh;
      fresh = [];
      for (const [subject, state] of subjects)
        if (state.up === false) told.push({ subject, ok: false, detail: state.why, at: knownFor(state) });
      return told;
    },
    addresses: () => addresses,
    offsets: (node) => offsets.get(node) ?? new Map<string, number>(),
    judged: () => judged,
    lastHeard,
    close: (now) => {
      for (const [subject, state] of subjects)
        if (state.up === false) tellOutage(subject, state, Math.max(now, state.since), true);
    },
  };
};
