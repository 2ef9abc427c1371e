import type { ResidueSign } from '../driver.js';

/** Source: network.md §3; Cilium's own clean-up leaves chains and routing rules. */
export const ciliumResidue: readonly ResidueSign[] = [
  { kind: 'chain', name: /^(OLD_)?CILIUM_/ },
  { kind: 'rule', name: /^-A .*--comment "?cilium/ },
  { kind: 'nft-table', name: / cilium/ },
  { kind: 'tc', name: / cil/ },
  { kind: 'ipset', name: /^cilium_/ },
  { kind: 'rule', name: /lookup 200[45]\b|fwmark 0x[2a]00\/0xf00|^100:.*lookup local/ },
  { kind: 'route', name: / dev (cilium_|lxc)/ },
  { kind: 'route', name: / table 200[45]\b/ },
  { kind: 'link', name: /^cilium_(vxlan|geneve)$/, modes: ['tunnel'] },
  { kind: 'link', name: /^(cilium_(host|net|wg0|ipip.*)|lxc[0-9a-f]+|lxc_health)$/ },
  { kind: 'bpf', name: /cilium/ },
  { kind: 'file', name: /cilium/ },
];
