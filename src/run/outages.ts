import type { RunEvent } from '../core/events/run.js';
import type { OutageRecord } from '../steps/guards/pairs/outage-record.js';
import type { SubjectKind } from '../steps/guards/pairs/params.js';
import type { JournalLine } from './journal-line.js';

type Outage = Extract<OutageRecord, { type: 'outage' }>;
type OutagesEvent = Extract<RunEvent, { type: 'outages' }>;
export type OutageGroup = OutagesEvent['groups'][number];

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const CONTROL_STEP = 'cni.control';

const KINDS: readonly SubjectKind[] = ['pod', 'host', 'clusterip', 'dns', 'out'];

export const kindOf = (subject: string): string => subject.slice(0, subject.indexOf(':'));

/** Longest outage of each subject that had one, in milliseconds, and all of them together. */
const perSubject = (outages: readonly Outage[]): Map<string, { longest: number; total: number }> => {
  const found = new Map<string, { longest: number; total: number }>();
  for (const { subject, ms } of outages) {
    const before = found.get(subject) ?? { longest: 0, total: 0 };
    found.set(subject, { longest: Math.max(before.longest, ms), total: before.total + ms });
  }
  return found;
};

const median = (sorted: readonly number[]): number => {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

const groupOf = (
  kind: SubjectKind,
  subjects: readonly string[],
  outages: readonly Outage[],
): OutageGroup | undefined => {
  const own = subjects.filter((subject) => kindOf(subject) === kind);
  if (own.length === 0) return undefined;
  const found = perSubject(outages.filter(({ subject }) => kindOf(subject) === kind));
  const byLength = [...found].sort(([, a], [, b]) => b.longest - a.longest);
  const [worst] = byLength;
  const lengths = byLength.map(([, { longest }]) => longest).reverse();
  return {
    kind,
    subjects: own.length,
    interrupted: found.size,
    medianMs: Math.round(median(lengths)),
    longestMs: worst?.[1].longest ?? 0,
    totalMs: Math.max(0, ...[...found.values()].map(({ total }) => total)),
    ...(worst === undefined ? {} : { worst: worst[0] }),
  };
};

const isWithin = ({ from, to }: Span, { from: begun }: Outage): boolean => {
  const at = Date.parse(begun);
  return at >= from && at <= to;
};

/** When the control run was on its way: one node's pods recreated with nothing changed. */
export const controlSpan = (lines: readonly Pick<JournalLine, 'at' | 'event'>[]): Span | undefined => {
  const began = lines.find(({ event }) => event.type === 'action-intent' && event.step === CONTROL_STEP);
  if (began?.event.type !== 'action-intent') return undefined;
  const { action } = began.event;
  const ended = lines.findLast(
    ({ event }) =>
      (event.type === 'action-done' || event.type === 'action-failed') && event.action === action,
  );
  return {
    from: Date.parse(began.at),
    to: ended === undefined ? Number.POSITIVE_INFINITY : Date.parse(ended.at),
  };
};

const groupsOf = (subjects: readonly string[], outages: readonly Outage[]): OutageGroup[] =>
  KINDS.flatMap((kind) => groupOf(kind, subjects, outages) ?? []);

/** All subjects that were watched, in the order in which they were told. */
export const watchedSubjects = (records: readonly OutageRecord[]): string[] => [
  ...new Set(records.flatMap((record) => (record.type === 'watch' ? record.subjects : []))),
];

/**
 * What a run cost: per kind of subject the longest outage of the worst one and the median over those that had any, with the
 * control run told apart. Undefined = nothing was watched.
 */
export const summarizeOutages = (
  run: string,
  records: readonly OutageRecord[],
  control: Span | undefined,
): OutagesEvent | undefined => {
  const subjects = watchedSubjects(records);
  if (subjects.length === 0) return undefined;
  const outages = records.filter((record) => record.type === 'outage');
  const unwatched = [
    ...new Set(records.flatMap((record) => (record.type === 'watch' ? record.unwatched : []))),
  ];
  const inControl = control === undefined ? [] : outages.filter((each) => isWithin(control, each));
  const others = outages.filter((each) => !inControl.includes(each));
  return {
    type: 'outages',
    run,
    groups: groupsOf(subjects, others),
    ...(control === undefined ? {} : { control: groupsOf(subjects, inControl) }),
    unwatched,
  };
};
