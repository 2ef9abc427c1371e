import { describe, expect, it } from 'vitest';
import { greetingsQuery, lookAtGreeting, parseLines } from '../../src/verify/logs.js';

const answer = (...streams: readonly { readonly stream: object; readonly values: readonly unknown[] }[]) =>
  JSON.stringify({ status: 'success', data: { resultType: 'streams', result: streams } });

const stream = (pod: string, node: string, ...texts: readonly string[]) => ({
  stream: { namespace: 'drover-verify-1', pod, container: 'probe', node },
  values: texts.map((text, n) => [`${n}`, text]),
});

describe('lines that probes wrote', () => {
  it('are asked for by the namespace of the verification', () => {
    expect(greetingsQuery('drover-verify-1')).toBe('{namespace="drover-verify-1"} |= "drover probe on "');
  });

  it('are proof where each is there once, under its own node', () => {
    const lines = parseLines(
      answer(
        stream('pod-0', 'n1', 'drover probe on n1'),
        stream('host-0', 'n1', 'drover probe on n1'),
        stream('pod-1', 'n2', 'drover probe on n2\n'),
      ),
    );
    expect(lookAtGreeting('n1', lines)).toEqual({ good: true, detail: 'the line of pod-0 is there' });
    expect(lookAtGreeting('n2', lines).good).toBe(true);
    expect(lookAtGreeting('n', lines)).toEqual({
      good: false,
      detail: 'what a pod on n wrote has not arrived at Loki',
    });
  });

  it('are no proof under another node, or when they are there twice', () => {
    const strange = parseLines(answer(stream('pod-0', 'n2', 'drover probe on n1')));
    expect(lookAtGreeting('n1', strange)).toEqual({
      good: false,
      final: true,
      detail: 'the line of a pod on n1 is kept under n2',
    });
    const twice = parseLines(answer(stream('pod-0', 'n1', 'drover probe on n1', 'drover probe on n1')));
    expect(lookAtGreeting('n1', twice)).toEqual({
      good: false,
      final: true,
      detail: 'one line of a pod on n1 is there 2 times',
    });
  });

  it('are read from Loki’s answer alone', () => {
    expect(parseLines(answer())).toEqual([]);
    expect(() => parseLines('<html>')).toThrow();
    expect(() =>
      parseLines(JSON.stringify({ data: { result: [{ metric: {}, value: [1, '2'] }] } })),
    ).toThrow();
  });
});
