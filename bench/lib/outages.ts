import type { RunEvent } from '../../src/core/events/run.js';
import { type OutageRecord, outageRecordSchema } from '../../src/steps/guards/pairs/outage-record.js';
import { median } from './measure.js';

export type Outage = Extract<OutageRecord, { type: 'outage' }>;

/** When an action worked, in ms since the epoch. */
export interface Span {
  readonly action: string;
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly at: string;
  readonly event: RunEvent;
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** The actions of a journal with the time of their work. */
export const spansOf = (journal: string): readonly Span[] => {
  const begun = new Map<string, number>();
  return linesOf(journal).flatMap((text): Span[] => {
    const { at, event } = JSON.parse(text) as Line;
    if (event.type === 'action-intent' && !begun.has(event.action)) begun.set(event.action, Date.parse(at));
    const from = 'action' in event ? begun.get(event.action) : undefined;
    return event.type === 'action-done' && from !== undefined
      ? [{ action: event.action, from, to: Date.parse(at) }]
      : [];
  });
};

export const outagesIn = (records: string): readonly Outage[] =>
  linesOf(records).flatMap((text): Outage[] => {
    const record = outageRecordSchema.parse(JSON.parse(text));
    return record.type === 'outage' ? [record] : [];
  });

/** Outages that began while one of the actions worked. */
export const during = (outages: readonly Outage[], spans: readonly Span[]): readonly Outage[] =>
  outages.filter(({ from }) => {
    const at = Date.parse(from);
    return spans.some((span) => at >= span.from && at <= span.to);
  });

/** Pairs of pods on different nodes. */
export const ofPairs = (outages: readonly Outage[]): readonly Outage[] =>
  outages.filter(({ subject }) => /^pod:[^→]+→pod:/.test(subject));

/** What a pod that goes on running was not answered by a Service: its own restart is no error of the Service. */
export const ofServices = (outages: readonly Outage[]): readonly Outage[] =>
  outages.filter(({ subject, why }) => subject.startsWith('clusterip:') && !why.endsWith('is gone'));

export interface Price {
  readonly count: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export const priceOf = (outages: readonly Outage[]): Price => {
  const lengths = outages.map(({ ms }) => ms);
  return {
    count: lengths.length,
    medianMs: lengths.length === 0 ? 0 : median(lengths),
    maxMs: Math.max(0, ...lengths),
  };
};
