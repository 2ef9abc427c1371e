import { nodeRange, podRange, serviceRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const rangeFamilies = defineSpecRule({
  code: 'range-families',
  title: 'IPv4 and IPv6 ranges are mixed',
  severity: 'error',
  explain: `Nodes, pods and Services of a cluster with one family must all be IPv4 or all IPv6: a pod with an IPv6 address
cannot reach a Service with an IPv4 one. This version of Drover builds clusters with one family.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const [nodes] = nodeRange(network);
    return [...podRange(network), ...serviceRange(network)]
      .filter(({ cidr }) => nodes !== undefined && cidr.family !== nodes.cidr.family)
      .map(({ name, cidr, path }) => ({
        message: `${name} use IPv${cidr.family}, nodes IPv${nodes?.cidr.family ?? 4}`,
        location: at(path),
        hint: 'use one family for all three ranges',
      }));
  },
});
