import { describe, expect, it } from 'vitest';
import { heardInRow } from '../../../../src/app/cluster/verify/backends-in-row.js';
import { type BackendAsk, type Heard, judgeBackends } from '../../../../src/verify/backends.js';

const backend = (name: string, retries: number): BackendAsk => ({
  id: name,
  host: '10.0.0.1',
  question: { ask: 'connect', port: 443, timeoutMs: 1000 },
  balancer: 'lb',
  listeners: ['https'],
  backend: name,
  member: true,
  retries,
  asker: 'other',
});

const open: Heard = { asker: 'other', told: { status: 0, text: '' } };
const late: Heard = { asker: 'other', told: { status: 124, text: '' } };

/** Hosts that answer in these ways, one after another; who was asked again, round by round. */
const rounds = async (
  backends: readonly BackendAsk[],
  answers: Readonly<Record<string, readonly Heard[]>>,
) => {
  const asked: string[][] = [];
  const heardAt = (id: string, round: number): Heard => answers[id]?.[round] ?? late;
  const first = new Map(backends.map(({ id }) => [id, heardAt(id, 0)]));
  let ms = 0;
  const heard = await heardInRow(backends, first, {
    signal: new AbortController().signal,
    clock: {
      monotonic: () => ms,
      delay: (more) => {
        ms += more;
        return Promise.resolve();
      },
    },
    ask: (asks) => {
      asked.push(asks.map(({ id }) => id));
      return Promise.resolve(new Map(asks.map(({ id }) => [id, heardAt(id, asked.length)])));
    },
  });
  return { asked, results: judgeBackends(backends, heard) };
};

describe('a host behind a load balancer', () => {
  it('that answers is asked once', async () => {
    const { asked, results } = await rounds([backend('s1', 3)], { s1: [open] });
    expect(asked).toEqual([]);
    expect(results).toMatchObject([{ node: 's1', status: 'pass' }]);
    expect(results[0]).not.toHaveProperty('retried');
  });

  it('is asked again alone when it was late, and passes with its failure told', async () => {
    const { asked, results } = await rounds([backend('s1', 3), backend('s2', 3)], {
      s1: [open],
      s2: [late, late, open],
    });
    expect(asked).toEqual([['s2'], ['s2']]);
    expect(results).toMatchObject([
      { node: 's1', status: 'pass' },
      { node: 's2', status: 'pass', retried: { attempts: 3, seconds: 2 } },
    ]);
    expect(results[1]?.retried?.failure).toMatch(/^lb \(https\): .*asked by other$/);
  });

  it('fails after as many failures in a row as its balancer bears', async () => {
    const { asked, results } = await rounds([backend('s1', 1), backend('s2', 2)], {});
    expect(asked).toEqual([['s2']]);
    expect(results.map(({ node, status, retried }) => [node, status, retried?.attempts])).toEqual([
      ['s1', 'fail', undefined],
      ['s2', 'fail', 2],
    ]);
  });
});
