import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import { controlSpan, summarizeOutages } from '../../src/run/outages.js';
import type { OutageRecord } from '../../src/steps/guards/pairs/outage-record.js';
import { at, outage } from './outage-records.js';

const SUBJECTS = ['pod:a→pod:b', 'pod:b→pod:a', 'host:a→pod:b', 'clusterip:a', 'dns:a'];
const watch: OutageRecord = { type: 'watch', at: at(0), everyMs: 200, subjects: SUBJECTS, unwatched: [] };

describe('the price of a run', () => {
  it('is nothing where nothing was watched', () => {
    expect(summarizeOutages('r', [], undefined)).toBeUndefined();
  });

  it('tells per kind the longest outage, whose it was, and the median over those that had one', () => {
    const records = [
      watch,
      outage('pod:a→pod:b', 1, 1_000),
      outage('pod:a→pod:b', 9, 3_000),
      outage('pod:b→pod:a', 9, 2_000),
      outage('dns:a', 9, 400),
    ];
    expect(summarizeOutages('r', records, undefined)?.groups).toEqual([
      {
        kind: 'pod',
        subjects: 2,
        interrupted: 2,
        medianMs: 2_500,
        longestMs: 3_000,
        totalMs: 4_000,
        worst: 'pod:a→pod:b',
      },
      { kind: 'host', subjects: 1, interrupted: 0, medianMs: 0, longestMs: 0, totalMs: 0 },
      { kind: 'clusterip', subjects: 1, interrupted: 0, medianMs: 0, longestMs: 0, totalMs: 0 },
      {
        kind: 'dns',
        subjects: 1,
        interrupted: 1,
        medianMs: 400,
        longestMs: 400,
        totalMs: 400,
        worst: 'dns:a',
      },
    ]);
  });

  it('tells the control apart from the change', () => {
    const lines: { at: string; event: RunEvent }[] = [
      {
        at: at(10),
        event: {
          type: 'action-intent',
          run: 'r',
          action: 'cni.control/b',
          step: 'cni.control',
          title: '',
          attempt: 1,
        },
      },
      {
        at: at(20),
        event: {
          type: 'action-done',
          run: 'r',
          action: 'cni.control/b',
          result: 'changed',
          outputs: {},
          proof: '',
          durationMs: 1,
        },
      },
    ];
    const span = controlSpan(lines);
    expect(span).toEqual({ from: Date.parse(at(10)), to: Date.parse(at(20)) });
    expect(controlSpan([])).toBeUndefined();
    const records = [watch, outage('pod:a→pod:b', 12, 1_000), outage('pod:a→pod:b', 30, 3_000)];
    const summary = summarizeOutages('r', records, span);
    expect(summary?.control?.[0]).toMatchObject({ longestMs: 1_000, interrupted: 1 });
    expect(summary?.groups[0]).toMatchObject({ longestMs: 3_000, totalMs: 3_000 });
  });

  it('never has a median above the longest, nor more interrupted than there are', () => {
    const any = fc.array(
      fc.tuple(fc.constantFrom(...SUBJECTS), fc.nat({ max: 100 }), fc.nat({ max: 9_000 })),
    );
    fc.assert(
      fc.property(any, (outages) => {
        const records = [watch, ...outages.map(([subject, from, ms]) => outage(subject, from, ms))];
        for (const group of summarizeOutages('r', records, undefined)?.groups ?? []) {
          expect(group.medianMs).toBeLessThanOrEqual(group.longestMs);
          expect(group.longestMs).toBeLessThanOrEqual(group.totalMs);
          expect(group.interrupted).toBeLessThanOrEqual(group.subjects);
        }
      }),
    );
  });
});
