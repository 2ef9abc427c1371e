import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressesIn } from '../../src/core/addresses-in.js';

it('finds addresses of services, each once', () => {
  expect(addressesIn('tcp://10.0.0.1:80,http://192.168.1.9/x 10.0.0.1 (172.16.0.4)')).toEqual([
    '10.0.0.1',
    '192.168.1.9',
    '172.16.0.4',
  ]);
});

it.each([
  '127.0.0.1:80',
  '0.0.0.0',
  '255.255.255.0',
  '169.254.169.254',
  '224.0.0.1',
  '10.0.0.0/8',
  'v1.2.3.4',
  '1.2.3.4.5',
  '1.2.3.4-rc1',
  '1.2.3.400',
  '10.0.0.1x',
  'release-1.2.3.4',
])('finds none in %s', (text) => {
  expect(addressesIn(text)).toEqual([]);
});

it('finds every address that stands alone in a text', () => {
  const octet = fc.integer({ min: 1, max: 200 });
  const address = fc
    .tuple(fc.constantFrom(10, 172, 192), octet, octet, octet)
    .map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.uniqueArray(address), (addresses) => {
      expect(addressesIn(`hosts = ${addresses.join(', ')};`)).toEqual(addresses);
    }),
  );
});
