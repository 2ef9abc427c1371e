import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Address,
  type Cidr,
  cidrHasAddress,
  cidrOf,
  cidrSize,
  contains,
  formatAddress,
  formatCidr,
  nthAddress,
  overlaps,
  parseAddress,
  parseCidr,
  usableHosts,
} from '../../src/core/cidr.js';

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.bigInt(0n, 2n ** 32n - 1n).map((value): Address => ({ family: 4, value })),
  fc.bigInt(0n, 2n ** 128n - 1n).map((value): Address => ({ family: 6, value })),
);
const cidr: fc.Arbitrary<Cidr> = address.chain((from) =>
  fc.integer({ min: 0, max: from.family === 4 ? 32 : 128 }).map((prefix) => cidrOf(from, prefix)),
);

describe('addresses', () => {
  it('survive being written and read', () => {
    fc.assert(
      fc.property(address, (a) => {
        expect(parseAddress(formatAddress(a))).toEqual(a);
      }),
    );
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.1/24',
    'fe80::1%eth0',
    ' 10.0.0.1',
    '167772161',
  ])('refuse %j', (text) => expect(parseAddress(text)).toBeUndefined());

  it('are written in their short form', () => {
    expect(formatAddress(parseAddress('FD00:0:0:0:0:0:0:1')!)).toBe('fd00::1');
  });

  it('never throw on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseAddress(text);
        parseCidr(text);
      }),
    );
  });
});

describe('ranges', () => {
  it('survive being written and read', () => {
    fc.assert(
      fc.property(cidr, (c) => {
        expect(parseCidr(formatCidr(c))).toEqual(c);
      }),
    );
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '/24', '10.0.0.0/-1', 'fd00::/129', '10.0.0.0/24/8'])(
    'refuse %j',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  it('cut host bits off', () => {
    expect(formatCidr(parseCidr('10.0.0.77/24')!)).toBe('10.0.0.0/24');
  });

  it('contain their first and last address and nothing beyond', () => {
    fc.assert(
      fc.property(cidr, (c) => {
        const { family, network } = c;
        const last = network + cidrSize(c) - 1n;
        expect(contains(c, { family, value: network })).toBe(true);
        expect(contains(c, { family, value: last })).toBe(true);
        expect(contains(c, { family, value: last + 1n })).toBe(false);
        if (network > 0n) expect(contains(c, { family, value: network - 1n })).toBe(false);
      }),
    );
  });

  it('overlap exactly when one contains the other’s network address', () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        const share =
          contains(a, { family: b.family, value: b.network }) ||
          contains(b, { family: a.family, value: a.network });
        expect(overlaps(a, b)).toBe(share);
        expect(overlaps(b, a)).toBe(share);
      }),
    );
  });

  it('overlap with their own parts', () => {
    expect(overlaps(parseCidr('10.0.0.0/8')!, parseCidr('10.43.0.0/16')!)).toBe(true);
    expect(overlaps(parseCidr('10.42.0.0/16')!, parseCidr('10.43.0.0/16')!)).toBe(false);
    expect(overlaps(parseCidr('0.0.0.0/0')!, parseCidr('::/0')!)).toBe(false);
  });

  it('count addresses and usable hosts', () => {
    expect(cidrSize(parseCidr('10.0.0.0/24')!)).toBe(256n);
    expect(usableHosts(parseCidr('10.0.0.0/24')!)).toBe(254n);
    expect(usableHosts(parseCidr('10.0.0.0/31')!)).toBe(2n);
    expect(usableHosts(parseCidr('10.0.0.1/32')!)).toBe(1n);
    expect(usableHosts(parseCidr('fd00::/64')!)).toBe(2n ** 64n);
  });

  it('give the nth address inside and nothing outside', () => {
    const services = parseCidr('10.43.0.0/16')!;
    expect(formatAddress(nthAddress(services, 10)!)).toBe('10.43.0.10');
    expect(nthAddress(services, 65536)).toBeUndefined();
    expect(nthAddress(services, -1)).toBeUndefined();
  });

  it('answer for text, and say no to what does not parse', () => {
    expect(cidrHasAddress('10.0.0.0/24', '10.0.0.110')).toBe(true);
    expect(cidrHasAddress('10.0.0.0/24', '10.0.1.110')).toBe(false);
    expect(cidrHasAddress('nonsense', '10.0.1.110')).toBe(false);
    expect(cidrHasAddress('10.0.0.0/24', 'nonsense')).toBe(false);
  });
});
