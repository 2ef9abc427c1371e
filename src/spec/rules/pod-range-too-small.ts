import { count } from '../../core/text.js';
import { podRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const podRangeTooSmall = defineSpecRule({
  code: 'pod-range-too-small',
  title: 'The pod range cannot give every node its part',
  severity: 'error',
  explain: `Every node gets one part of the pod range, as large as \`nodeMask\` says: a /16 cut into /24 serves 256 nodes. The
controller manager refuses a \`nodeMask\` that is not longer than the range's prefix, and one that is more than 16 bits
longer. Nodes that find no part stay without pods.`,
  reads: ['network', 'hosts'],
  check: ({ network, hosts }, { at }) => {
    const nodes = hosts.filter(({ role }) => role !== 'external').length;
    return podRange(network).flatMap(({ cidr, text, path }) => {
      const mask = cidr.family === 4 ? network.nodeMask : 64;
      const bits = mask - cidr.prefix;
      const location = at(bits > 16 ? ['spec', 'network', 'nodeMask'] : path);
      if (bits > 16)
        return [
          {
            message: `nodeMask /${mask} is more than 16 bits longer than ${text}`,
            location,
            hint: 'make nodeMask shorter',
          },
        ];
      const parts = bits < 0 ? 0 : 2 ** bits;
      if (parts >= nodes) return [];
      return [
        {
          message: `${text} has ${count(parts, 'part')} of /${mask} for ${count(nodes, 'node')}`,
          location,
          hint: 'make the range larger, or nodeMask longer',
        },
      ];
    });
  },
});
