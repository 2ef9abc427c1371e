import { formatCidr, parseAddress } from '../../core/cidr.js';
import { clusterRanges, providerRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const rangeHostBits = defineSpecRule({
  code: 'range-host-bits',
  title: 'A range is written with an address inside it instead of its start',
  severity: 'error',
  explain: `\`10.0.0.100/24\` names a host and its mask; the range is \`10.0.0.0/24\`. Kubernetes and cloud providers refuse the
first form, some programs silently cut it off. Write the start of the range.`,
  reads: ['network'],
  check: ({ network }, { at }) =>
    [...clusterRanges(network), ...providerRange(network)]
      .filter(({ text, cidr }) => parseAddress(text.split('/')[0] ?? '')?.value !== cidr.network)
      .map(({ name, cidr, path }) => ({
        message: `the range of ${name} does not start at its first address`,
        location: at(path),
        label: `write ${formatCidr(cidr)}`,
      })),
});
