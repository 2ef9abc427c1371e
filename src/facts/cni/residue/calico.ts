import type { ResidueSign } from '../driver.js';

/**
 * Source: network.md §3 and §10. Routes of BIRD over a host's own interface are not among them: the host may run a
 * BIRD of its own.
 */
export const calicoResidue: readonly ResidueSign[] = [
  { kind: 'chain', name: /^(cali|felix)-/ },
  { kind: 'rule', name: /^-A .*--comment "?cali:/ },
  { kind: 'nft-table', name: / calico(-arp)?$/ },
  { kind: 'tc', name: / cali/ },
  { kind: 'ipset', name: /^(cali40|cali60|cali4t|cali6t|felix-)/ },
  { kind: 'rule', name: /wireguard\.cali|fwmark 0x100000\/0x100000/ },
  { kind: 'route', name: / dev vxlan(-v6)?\.calico/, modes: ['vxlan'] },
  { kind: 'route', name: / dev tunl0/, modes: ['ipip'] },
  { kind: 'route', name: / dev (cali[0-9a-f]+|wireguard\.cali)/ },
  { kind: 'route', name: /^blackhole .* proto (bird|80)\b/ },
  { kind: 'link', name: /^vxlan(-v6)?\.calico$/, modes: ['vxlan'] },
  { kind: 'link', name: /^tunl0$/, modes: ['ipip'] },
  { kind: 'link', name: /^(cali[0-9a-f]+|wireguard\.cali|wg-v6\.cali|bpf(in|out)\.cali|calico_tmp_[AB])$/ },
  { kind: 'bpf', name: /cali/ },
  { kind: 'file', name: /calico(?!.*cilium_bak)/ },
];
