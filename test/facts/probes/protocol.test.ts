import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPeers, parseReply } from '../../../src/facts/probes/protocol.js';

describe('peers', () => {
  it('are written as ranges that name each of them once', () => {
    const expand = (text: string): number[] =>
      text.split(',').flatMap((part) => {
        const [first = 0, last = first] = part.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, i) => first + i);
      });
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1 }), (peers) => {
        expect(expand(formatPeers(peers))).toEqual([...new Set(peers)].sort((a, b) => a - b));
      }),
    );
    expect(formatPeers([7, 0, 1, 2, 3])).toBe('0-3,7');
  });
});

describe('answers', () => {
  it('are read word by word', () => {
    expect(parseReply('saw d 3 1450 0,2,5')).toEqual({
      type: 'saw',
      where: 'd',
      probe: 3,
      variant: 1450,
      peers: [0, 2, 5],
    });
    expect(parseReply('tunnel 4 - RTNETLINK answers: File exists')).toEqual({
      type: 'tunnel',
      probe: 4,
      device: undefined,
      problem: 'RTNETLINK answers: File exists',
    });
    expect(parseReply('hop 0 2 - 02:00:00:00:00:01 REACHABLE')).toEqual({
      type: 'hop',
      net: 0,
      peer: 2,
      gateway: undefined,
      mac: '02:00:00:00:00:01',
      state: 'REACHABLE',
    });
  });

  it('are told from anything else that a host prints', () => {
    for (const line of ['', 'Welcome to Ubuntu', 'constructor', 'toString x', 'sawdust 1'])
      expect(parseReply(line)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(() => parseReply(line)).not.toThrow();
      }),
    );
  });
});
