import type { GuardSample } from '../../guard.js';
import type { OutageRecord } from './outage-record.js';

/** One of the things that are watched: from where, to what. */
export interface Subject {
  /** Who asks. */
  readonly prober: string;
  /** Undefined = it has never answered. */
  up: boolean | undefined;
  since: number;
  why: string;
  source: string | undefined;
}

export interface SubjectsPorts {
  /** Wall time of a moment of the monotonic clock, ISO 8601. */
  readonly wall: (at: number) => string;
  readonly keep: (record: OutageRecord) => void;
}

interface Book extends SubjectsPorts {
  readonly states: Map<string, Subject>;
  /** What nobody was told yet. */
  readonly fresh: GuardSample[];
}

/** One sample of a subject; its time is on Drover’s monotonic clock. */
export interface Sighting {
  readonly subject: string;
  readonly prober: string;
  readonly at: number;
}

/** Which subjects answer, since when, and under which address; it tells each outage when it ends. */
export interface Subjects {
  /** `source`: the address that the receiver saw, `-` = it did not say. */
  readonly answered: (sighting: Sighting, source: string) => void;
  readonly missed: (sighting: Sighting, why: string) => void;
  /** A prober has gone at that time, and its pairs with it. */
  readonly left: (prober: string, at: number, why: string) => void;
  /** What is new since it was asked last; what is down is told again each time, with up to when that is `known`. */
  readonly samples: (known: (subject: Subject) => number) => GuardSample[];
  /** Subjects that were sampled. */
  readonly judged: () => ReadonlySet<string>;
  /** Tells the outages that have not ended. */
  readonly close: (now: number) => void;
}

const tellOutage = (
  { wall, keep }: Book,
  subject: string,
  { state, to, open }: { readonly state: Subject; readonly to: number; readonly open: boolean },
): void => {
  const ms = Math.max(0, Math.round(to - state.since));
  const times = { from: wall(state.since), to: wall(to), ms };
  keep({ type: 'outage', subject, ...times, why: state.why, ...(open ? { open } : {}) });
};

const goDown = (
  { fresh }: Book,
  [subject, state]: readonly [string, Subject],
  { at, why }: { readonly at: number; readonly why: string },
): void => {
  if (state.up !== true) return;
  Object.assign(state, { up: false, since: at, why });
  fresh.push({ subject, ok: false, detail: why, at });
};

const goUp = (
  book: Book,
  [subject, state]: readonly [string, Subject],
  { at, source }: { readonly at: number; readonly source: string },
): void => {
  const time = state.up === false ? Math.max(at, state.since) : at;
  if (state.up === false) tellOutage(book, subject, { state, to: time, open: false });
  if (source !== '-' && source !== state.source) {
    const before = state.source === undefined ? {} : { before: state.source };
    book.keep({ type: 'source', subject, at: book.wall(time), source, ...before });
    state.source = source;
  }
  if (state.up !== true) book.fresh.push({ subject, ok: true, detail: 'answered', at: time });
  state.up = true;
};

const stateOf = ({ states }: Book, { subject, prober }: Sighting): readonly [string, Subject] => {
  const known = states.get(subject);
  if (known !== undefined) return [subject, known];
  const made: Subject = { prober, up: undefined, since: 0, why: '', source: undefined };
  states.set(subject, made);
  return [subject, made];
};

const downIn = ({ states }: Book): (readonly [string, Subject])[] =>
  [...states].filter(([, { up }]) => up === false);

export const createSubjects = (ports: SubjectsPorts): Subjects => {
  const book: Book = { ...ports, states: new Map(), fresh: [] };
  return {
    answered: (sighting, source) => goUp(book, stateOf(book, sighting), { at: sighting.at, source }),
    missed: (sighting, why) => goDown(book, stateOf(book, sighting), { at: sighting.at, why }),
    left: (prober, at, why) => {
      for (const each of book.states)
        if (each[1].prober === prober && each[0].includes('→')) goDown(book, each, { at, why });
    },
    samples: (known) => [
      ...book.fresh.splice(0),
      ...downIn(book).map(([subject, state]) => ({
        subject,
        ok: false,
        detail: state.why,
        at: known(state),
      })),
    ],
    judged: () => new Set(book.states.keys()),
    close: (now) => {
      for (const [subject, state] of downIn(book))
        tellOutage(book, subject, { state, to: Math.max(now, state.since), open: true });
    },
  };
};
