import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrOf, cidrSize, formatCidr, overlaps, parseCidr } from '../../../../src/core/cidr.js';
import { restOfRange } from '../../../../src/steps/cni/networks/rest-of-range.js';

const range = (text: string) => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

describe('the rest of a range', () => {
  it('is the lower half without the upper one', () => {
    expect(restOfRange('10.42.0.0/16', '10.42.128.0/17')).toEqual(['10.42.0.0/17']);
  });

  it('is nothing without the whole, and of a range that lies elsewhere', () => {
    expect(restOfRange('10.42.0.0/16', '10.42.0.0/16')).toEqual([]);
    expect(restOfRange('10.42.0.0/16', '192.168.0.0/24')).toEqual([]);
    expect(restOfRange('fd00:42::/56', 'fd00:42::/57')).toEqual(['fd00:42:0:80::/57']);
  });

  it('and the part cover the whole, and nothing twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 16, max: 30 }), (host, prefix) => {
        const whole = range('10.42.0.0/16');
        const part = cidrOf({ family: 4, value: whole.network + BigInt(host) }, prefix);
        const all = [part, ...restOfRange(formatCidr(whole), formatCidr(part)).map(range)];
        const size = all.reduce((sum, each) => sum + cidrSize(each), 0n);
        expect(size).toBe(cidrSize(whole));
        for (const [i, one] of all.entries())
          for (const other of all.slice(i + 1)) expect(overlaps(one, other)).toBe(false);
      }),
    );
  });
});
