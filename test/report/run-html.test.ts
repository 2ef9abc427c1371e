import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import { timeScale } from '../../src/report/outage-scale.js';
import { outagesText } from '../../src/report/outages-text.js';
import { runHtml } from '../../src/report/run-html.js';
import type { JournalLine } from '../../src/run/journal-line.js';
import { controlSpan, summarizeOutages } from '../../src/run/outages.js';
import type { OutageRecord } from '../../src/steps/guards/pairs/outage-record.js';
import { pairSubject, subjectsOf } from '../../src/steps/guards/pairs/params.js';
import { at, outage } from '../run/outage-records.js';

const NODES = ['server-1', 'agent-<1>'];
const [A, B] = [
  pairSubject('pod', NODES[0] ?? '', NODES[1] ?? ''),
  pairSubject('pod', NODES[1] ?? '', NODES[0] ?? ''),
];

const outages: OutageRecord[] = [
  {
    type: 'watch',
    at: at(1),
    everyMs: 200,
    subjects: subjectsOf({ nodes: NODES, services: { dns: '', name: '', out: null } }),
    unwatched: [],
  },
  outage(A, 3, 1_200),
  outage(B, 3.1, 1_400),
  outage(A, 11, 2_900),
  { type: 'source', subject: A, at: at(14), source: '10.42.128.4', before: '10.42.0.4' },
  { ...outage(B, 30, 9_000), open: true } as OutageRecord,
  { type: 'end', at: at(40) },
];

const action = (id: string, from: number, to: number): { second: number; event: RunEvent }[] => [
  {
    second: from,
    event: {
      type: 'action-intent',
      run: 'r',
      action: id,
      step: id.split('/')[0] ?? '',
      title: id,
      attempt: 1,
    },
  },
  {
    second: to,
    event: {
      type: 'action-done',
      run: 'r',
      action: id,
      result: 'changed',
      outputs: {},
      proof: 'proven',
      durationMs: (to - from) * 1000,
    },
  },
];

const told = [
  ...action('cni.control/agent-1', 2, 6),
  ...action('cni.switch/server-1', 10, 17),
  {
    second: 31,
    event: {
      type: 'guard-breach',
      run: 'r',
      guard: 'network.pairs',
      detail: 'B was away',
      decision: 'rollback',
    },
  },
  {
    second: 41,
    event: {
      type: 'run-done',
      run: 'r',
      outcome: 'failed',
      state: '2 of 3 actions done',
      why: 'the guard broke',
      back: 'drover rollback r',
      done: 2,
      failed: 0,
      open: 1,
      durationMs: 41_000,
    },
  },
] as { second: number; event: RunEvent }[];
const bare: JournalLine[] = told.map(({ second, event }, index) => ({
  seq: index + 1,
  at: at(second),
  prev: '',
  hash: '',
  event,
}));
const summary = summarizeOutages('r', outages, controlSpan(bare));
if (summary === undefined) throw new Error('something was watched');
const lines: JournalLine[] = [...bare, { seq: 9, at: at(40), prev: '', hash: '', event: summary }];

const page = (part: Partial<Parameters<typeof runHtml>[0]> = {}): string =>
  runHtml({ run: 'r', cluster: 'demo', realm: 'lab/demo', tool: '1.0.0', lines, outages, ...part });

describe('what a run cost, in words', () => {
  it('names the worst pair and compares with the control', () => {
    expect(outagesText({ color: false, unicode: true, columns: 100 }, summary)).toMatchInlineSnapshot(`
      "– outages, each subject sampled all the time:
        pod to pod   2 of 2 interrupted, median 6.0 s (4.6 × the control), longest 9.0 s (agent-<1> → server-1)
        host to pod  none of 4 was interrupted
        ClusterIP    none of 2 was interrupted
        cluster DNS  none of 2 was interrupted
        control: the pods of one node recreated with nothing changed
        pod to pod   2 of 2 interrupted, median 1.3 s, longest 1.4 s (agent-<1> → server-1)"
    `);
  });

  it('says from where nothing is known', () => {
    const text = outagesText(
      { color: false, unicode: true, columns: 100 },
      { ...summary, unwatched: ['agent-2'] },
    );
    expect(text).toContain('nothing is known from 1 node: agent-2');
  });
});

describe('a run as a page', () => {
  it('draws each outage where and as long as it was, over the actions, and marks what stopped the run', () => {
    const text = page();
    expect(text.match(/class="out"/g)).toHaveLength(4);
    expect(text.match(/class="moved"/g)).toHaveLength(1);
    expect(text.match(/class="done"/g)).toHaveLength(2);
    expect(text.match(/class="control"/g)).toHaveLength(1);
    expect(text.match(/class="breach"/g)).toHaveLength(1);
    expect(text).toContain('9.0 s, not over when the guard ended');
    expect(text).toContain('dns: none'.replace('dns', 'cluster DNS'));
    const widths = [...text.matchAll(/class="out" x="([\d.]+)" y="3" width="([\d.]+)"/g)].map(([, , width]) =>
      Number(width),
    );
    expect(Math.max(...widths) / Math.min(...widths)).toBeCloseTo(9_000 / 1_200, 0);
  });

  it('is whole by itself and trusts no name', () => {
    const text = page();
    expect(text).not.toMatch(/<script|<link|src=|url\(/);
    expect(text).not.toContain('agent-<1>');
    expect(text).toContain('agent-&lt;1&gt;');
  });

  it('has no picture where nothing was watched', () => {
    expect(page({ outages: [], lines: bare })).not.toContain('<svg');
  });
});

describe('the time scale of a picture', () => {
  it.each([
    [5_000, '5 s'],
    [112_000, '105 s'],
    [1_500_000, '25 min'],
    [40_000_000, '10 h'],
  ])('of %i ms has marks that people use, the last one %s', (length, last) => {
    const { ticks } = timeScale({ from: 0, to: length }, { left: 100, width: 800 });
    expect(ticks[0]).toEqual({ x: 100, text: expect.stringMatching(/^0/) as string });
    expect(ticks.at(-1)?.text).toBe(last);
    expect(ticks.length).toBeLessThanOrEqual(10);
  });
});
