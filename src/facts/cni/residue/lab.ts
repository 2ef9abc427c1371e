import type { ResidueSign } from '../driver.js';

/** Everything has its name; its routes are of a protocol of their own. */
export const labResidue: readonly ResidueSign[] = [
  { kind: 'nft-table', name: / labnet$/ },
  { kind: 'route', name: / dev labnet\.1|\bproto 73\b/, modes: ['vxlan'] },
  { kind: 'route', name: / dev labnet0\b/ },
  { kind: 'link', name: /^labnet\.1$/, modes: ['vxlan'] },
  { kind: 'link', name: /^labnet0$/ },
  { kind: 'file', name: /labnet(?!.*cilium_bak)/ },
];
