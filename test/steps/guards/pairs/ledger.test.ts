import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardSample } from '../../../../src/steps/guard.js';
import { createLedger, type Ledger } from '../../../../src/steps/guards/pairs/ledger.js';
import { parseRelayLine } from '../../../../src/steps/guards/pairs/lines.js';
import type { OutageRecord } from '../../../../src/steps/guards/pairs/outage-record.js';

const EVERY = 200;
const PAIR = 'pod:a→pod:b';
/** The host's clock is ahead of ours by this. */
const AHEAD = 5_000_000;

type Outage = Extract<OutageRecord, { type: 'outage' }>;

const bench = () => {
  const records: OutageRecord[] = [];
  const ledger = createLedger({
    wall: (at) => new Date(at).toISOString(),
    keep: (record) => void records.push(record),
  });
  return {
    ledger,
    records,
    outages: (): Outage[] => records.filter((record) => record.type === 'outage'),
    say: (node: string, text: string, now = 0): void => {
      const line = parseRelayLine(text);
      if (line === undefined) throw new Error(`no line: ${text}`);
      ledger.take(node, line, now);
    },
  };
};

/** What one prober writes: in each round whether its target answered. */
interface Life {
  readonly rounds: readonly boolean[];
  /** Rounds for which nobody is there afterwards. */
  readonly gap: number;
}

interface Written {
  readonly at: number;
  readonly text: string;
}

/** The lines of all lives in their order, as the program of the pods writes them. */
const writtenBy = (lives: readonly Life[]): Written[] => {
  const lines: Written[] = [];
  let at = 1_000;
  for (const [index, { rounds, gap }] of lives.entries()) {
    const record = `pod-${index}`;
    let offset = 0;
    const write = (text: string): void => {
      offset += text.length + 1;
      lines.push({ at, text: `r ${record} ${offset} ${text}` });
    };
    const time = (): number => at + AHEAD;
    write(`H ${time()} pod a 10.42.0.${index + 1}`);
    let last: boolean | undefined;
    for (const answered of rounds) {
      write(`. ${time()}`);
      if (answered !== last) write(answered ? `+ pod:b ${time()} 10.0.0.1` : `- pod:b ${time()} refused`);
      last = answered;
      at += EVERY;
    }
    lines.push({ at, text: `d ${record} ${time()}` });
    at += gap * EVERY;
  }
  return lines;
};

/** The outages as a person would read them off: from a sample that fails after one that did not to the next good one. */
const expected = (lives: readonly Life[]): { readonly ended: number[]; readonly open: boolean } => {
  const ended: number[] = [];
  let at = 1_000;
  let up: boolean | undefined;
  let since = 0;
  for (const { rounds, gap } of lives) {
    let known = at;
    for (const answered of rounds) {
      if (up === true && !answered) since = at;
      if (up === false && answered) ended.push(at - since);
      if (answered || up !== undefined) up = answered;
      known = at;
      at += EVERY;
    }
    if (up === true) {
      since = known;
      up = false;
    }
    at += gap * EVERY;
  }
  return { ended, open: up === false };
};

const lifeArbitrary = fc.record({
  rounds: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
  gap: fc.nat({ max: 10 }),
});

/** Hands the lines over in lots: each lot arrives late, over a line that was opened anew and begins too early. */
const deliver = (
  { ledger, say }: ReturnType<typeof bench>,
  lines: readonly Written[],
  lots: readonly number[],
): GuardSample[] => {
  const samples: GuardSample[] = [];
  let from = 0;
  let now = 0;
  for (const size of [...lots, lines.length]) {
    const lot = lines.slice(from, from + size);
    now = Math.max(now, lot.at(-1)?.at ?? now);
    ledger.opened('a', now);
    say('a', `b ${now + AHEAD}`, now);
    for (const { text } of [...lines.slice(Math.max(0, from - 3), from), ...lot]) say('a', text, now + 50);
    samples.push(...ledger.samples());
    from += size;
  }
  return samples;
};

describe('the ledger of outages', () => {
  it('has the same outages as a look at every single sample, however late and often its line is cut', () => {
    const input = [
      fc.array(lifeArbitrary, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat({ max: 20 })),
    ] as const;
    fc.assert(
      fc.property(...input, (lives, lots) => {
        const one = bench();
        const samples = deliver(one, writtenBy(lives), lots);
        const wanted = expected(lives);
        expect(one.outages().map(({ ms }) => ms)).toEqual(wanted.ended.filter((ms) => ms >= 0));
        one.ledger.close(1e9);
        expect(one.outages().some(({ open }) => open === true)).toBe(wanted.open);
        const times = samples.filter(({ subject }) => subject === PAIR).map(({ at }) => at ?? Number.NaN);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  const heard = (): ReturnType<typeof bench> => {
    const one = bench();
    one.ledger.opened('a', 0);
    one.say('a', 'b 100', 100);
    one.say('a', 'r pod-1 10 H 100 pod a 10.42.0.1', 100);
    return one;
  };

  const last = (ledger: Ledger): ReadonlyMap<string, boolean> =>
    new Map(ledger.samples().map(({ subject, ok }) => [subject, ok]));

  it('takes nothing from what never answered', () => {
    const one = heard();
    one.say('a', 'r pod-1 20 - pod:b 200 refused', 300);
    one.say('a', 'd pod-1 400', 400);
    expect(one.ledger.samples()).toEqual([]);
    expect([...one.ledger.judged()]).toEqual([PAIR]);
    one.ledger.close(500);
    expect(one.outages()).toEqual([]);
  });

  it('lets a Service lack nobody while the pod that asks it is away', () => {
    const one = heard();
    one.say('a', 'r pod-1 20 + clusterip 200 -', 200);
    one.say('a', 'r pod-1 30 + pod:b 200 10.42.0.1', 200);
    one.say('a', 'd pod-1 400', 400);
    expect(last(one.ledger)).toEqual(
      new Map([
        ['clusterip:a', true],
        [PAIR, false],
      ]),
    );
  });

  it('says at which address a pod is now, and under which one it is seen', () => {
    const one = heard();
    one.say('a', 'r pod-1 20 + pod:b 200 10.42.0.1', 200);
    one.say('a', 'd pod-1 400', 400);
    one.say('a', 'b 600', 600);
    one.say('a', 'r pod-2 10 H 600 pod a 10.42.128.1', 600);
    one.say('a', 'r pod-2 20 + pod:b 800 10.0.0.11', 800);
    expect(one.ledger.addresses()).toEqual(new Map([['a', '10.42.128.1']]));
    expect(one.records.filter(({ type }) => type === 'source')).toMatchObject([
      { source: '10.42.0.1' },
      { source: '10.0.0.11', before: '10.42.0.1' },
    ]);
    expect(one.ledger.offsets('a')).toEqual(
      new Map([
        ['pod-1', 20],
        ['pod-2', 20],
      ]),
    );
  });

  it('is silent about a node whose line is cut, and knows since when', () => {
    const one = heard();
    one.say('a', 'r pod-1 20 + pod:b 200 10.42.0.1', 200);
    one.say('a', 'r pod-1 30 - pod:b 400 refused', 400);
    one.say('a', 'r pod-1 40 . 600', 600);
    expect(one.ledger.samples().at(-1)).toMatchObject({ subject: PAIR, ok: false, at: 600 });
    expect(one.ledger.samples()).toMatchObject([{ subject: PAIR, ok: false, at: 600 }]);
    expect(one.ledger.lastHeard('a')).toBe(600);
    expect(one.ledger.lastHeard('nobody')).toBeUndefined();
  });
});

describe('a line of a relay', () => {
  it('is read or left, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseRelayLine(text);
        const line = parseRelayLine(`r pod-1 7 - pod:b 12 ${text}`);
        expect(line).toMatchObject({ type: 'record', offset: 7, entry: { type: 'down', at: 12, why: text } });
      }),
    );
  });

  it.each([
    '',
    'b',
    'b x',
    'r pod-1 0 . 1',
    'r pod-1 1 H 1 pod',
    'r pod-1 1 ? 1',
    'd pod-1',
    'r pod-1 1 + pod:b -1 x',
  ])('that is none is left: %s', (text) => {
    expect(parseRelayLine(text)).toBeUndefined();
  });
});
