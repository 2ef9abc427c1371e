import type { GuardSample } from '../../guard.js';
import type { ProberKind, RecordEntry, RelayLine } from './lines.js';
import { pairSubject, serviceSubject } from './params.js';
import { createSubjects, type Subject, type Subjects, type SubjectsPorts } from './subjects.js';

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

interface Line {
  /** Drover's clock minus the host's; the smallest difference seen is the one with the least delay. */
  offset: number | undefined;
  lastBeat: number;
  heard: number;
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

interface Book {
  readonly lines: Map<string, Line>;
  readonly probers: Map<string, Prober>;
  readonly addresses: Map<string, string>;
  readonly offsets: Map<string, Map<string, number>>;
  readonly subjects: Subjects;
}

const subjectOf = ({ node, kind }: Prober, target: string): string => {
  const peer = /^pod:(.+)$/.exec(target)?.[1];
  if (peer !== undefined) return pairSubject(kind, node, peer);
  return serviceSubject(target === 'dns' || target === 'out' ? target : 'clusterip', node);
};

const keyOf = ({ node, kind }: Pick<Prober, 'node' | 'kind'>): string => `${kind}:${node}`;

const proberOf = ({ probers }: Book, node: string, record: string): Prober | undefined =>
  [...probers.values()].find((each) => each.node === node && each.record === record);

const leave = ({ subjects }: Book, prober: Prober): void => {
  prober.gone = true;
  const { kind, node, known } = prober;
  subjects.left(keyOf(prober), known, `the ${kind} that asks on ${node} is gone`);
};

const begin = (
  book: Book,
  entry: Extract<RecordEntry, { type: 'began' }>,
  { record, at }: { readonly record: string; readonly at: number },
): void => {
  const { node, kind, address } = entry;
  const before = book.probers.get(keyOf(entry));
  if (before !== undefined && !before.gone) leave(book, before);
  book.probers.set(keyOf(entry), { record, node, kind, known: at, gone: false });
  if (kind === 'pod') book.addresses.set(node, address);
};

const enter = (
  book: Book,
  line: Extract<RelayLine, { type: 'record' }>,
  { node, offset }: { readonly node: string; readonly offset: number },
): void => {
  const { record, entry } = line;
  const at = entry.at + offset;
  const places = book.offsets.get(node) ?? new Map<string, number>();
  if (line.offset <= (places.get(record) ?? 0)) return;
  book.offsets.set(node, places.set(record, line.offset));
  if (entry.type === 'began') {
    begin(book, entry, { record, at });
    return;
  }
  const prober = proberOf(book, node, record);
  if (prober === undefined) return;
  if (entry.type === 'mark') {
    prober.known = Math.max(prober.known, at);
    return;
  }
  const sighting = { subject: subjectOf(prober, entry.target), prober: keyOf(prober), at };
  if (entry.type === 'up') book.subjects.answered(sighting, entry.source);
  else book.subjects.missed(sighting, entry.why);
};

const take = (
  book: Book,
  line: RelayLine,
  { node, now }: { readonly node: string; readonly now: number },
): void => {
  const from = book.lines.get(node);
  if (from === undefined || line.type === 'refused') return;
  from.heard = now;
  if (line.type === 'beat') {
    from.offset = Math.min(from.offset ?? Number.POSITIVE_INFINITY, now - line.at);
    from.lastBeat = line.at + from.offset;
  } else if (from.offset !== undefined && line.type === 'record')
    enter(book, line, { node, offset: from.offset });
  else if (line.type === 'gone') {
    const prober = proberOf(book, node, line.record);
    if (prober !== undefined && !prober.gone) leave(book, prober);
  }
};

/** Up to when it is certain that a subject is still down. */
const knownFor = ({ probers, lines }: Book, { prober: id, since }: Subject): number => {
  const prober = probers.get(id);
  if (prober === undefined) return since;
  return Math.max(since, prober.gone ? (lines.get(prober.node)?.lastBeat ?? since) : prober.known);
};

const lastHeard = ({ lines, probers }: Book, node: string): number | undefined => {
  const line = lines.get(node);
  if (line === undefined) return undefined;
  const alive = [...probers.values()].filter((prober) => prober.node === node && !prober.gone);
  return Math.min(line.heard, ...alive.map(({ known }) => known));
};

export const createLedger = (ports: SubjectsPorts): Ledger => {
  const book: Book = {
    lines: new Map(),
    probers: new Map(),
    addresses: new Map(),
    offsets: new Map(),
    subjects: createSubjects(ports),
  };
  return {
    opened: (node, now) => {
      const before = book.lines.get(node);
      book.lines.set(node, { offset: undefined, lastBeat: before?.lastBeat ?? now, heard: now });
    },
    take: (node, line, now) => take(book, line, { node, now }),
    samples: () => book.subjects.samples((subject) => knownFor(book, subject)),
    addresses: () => book.addresses,
    offsets: (node) => book.offsets.get(node) ?? new Map<string, number>(),
    judged: book.subjects.judged,
    lastHeard: (node) => lastHeard(book, node),
    close: book.subjects.close,
  };
};
