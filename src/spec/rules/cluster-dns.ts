import { cidrHasAddress, formatAddress, nthAddress } from '../../core/cidr.js';
import { serviceRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const clusterDns = defineSpecRule({
  code: 'cluster-dns',
  title: 'The address of the cluster DNS is not a free address of the Services',
  severity: 'error',
  explain: `The cluster DNS is a Service, so its address must be in the range of Services. The first address of the range
always belongs to the API (\`kubernetes.default\`). Leave \`dns\` out to get the tenth.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { dns, services } = network;
    const [range] = serviceRange(network);
    if (dns === undefined || range === undefined) return [];
    const nth = (n: number): string | undefined => {
      const address = nthAddress(range.cidr, n);
      return address === undefined ? undefined : formatAddress(address);
    };
    const problem = !cidrHasAddress(services, dns)
      ? `the cluster DNS is outside the range of Services ${services}`
      : [nth(0), nth(1)].includes(dns)
        ? 'the cluster DNS has the address of the API'
        : undefined;
    if (problem === undefined) return [];
    return [
      {
        message: problem,
        location: at(['spec', 'network', 'dns']),
        hint: `use ${nth(10) ?? services}, or leave it out`,
      },
    ];
  },
});
