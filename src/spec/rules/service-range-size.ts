import { serviceRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const serviceRangeSize = defineSpecRule({
  code: 'service-range-size',
  title: 'The range of Services has a size that the API server refuses',
  severity: 'error',
  explain: `The API server keeps a bitmap of the range: it refuses more than 20 bits (larger than a /12 with IPv4, /108 with
IPv6). A range below /28 has no room for the Services that every cluster has.`,
  reads: ['network'],
  check: ({ network }, { at }) =>
    serviceRange(network)
      .map((range) => ({ ...range, bits: (range.cidr.family === 4 ? 32 : 128) - range.cidr.prefix }))
      .filter(({ bits }) => bits > 20 || bits < 4)
      .map(({ text, bits, path }) => ({
        message: `${text} is too ${bits > 20 ? 'large' : 'small'} for Services`,
        location: at(path),
        hint: 'a /16 such as 10.43.0.0/16 is usual',
      })),
});
