import type { ResidueSign } from '../driver.js';

/** Source: network.md §3. */
export const flannelResidue: readonly ResidueSign[] = [
  { kind: 'chain', name: /^FLANNEL-/ },
  { kind: 'rule', name: /^-A .*--comment "?flanneld/ },
  { kind: 'nft-table', name: / flannel-ipv[46]$/ },
  { kind: 'route', name: / dev flannel(-v6)?\.\d+/, modes: ['vxlan'] },
  { kind: 'route', name: / dev flannel-wg/, modes: ['wireguard'] },
  { kind: 'route', name: / dev cni0\b/ },
  { kind: 'link', name: /^flannel(-v6)?\.\d+$/, modes: ['vxlan'] },
  { kind: 'link', name: /^flannel-wg(-v6)?$/, modes: ['wireguard'] },
  { kind: 'link', name: /^cni0$/ },
  { kind: 'file', name: /^\/run\/flannel\// },
  { kind: 'file', name: /^\/var\/lib\/cni\/networks\/cbr0$/ },
  { kind: 'file', name: /^\/var\/lib\/rancher\/k3s\/.*flannel(?!.*cilium_bak)/, drivers: ['flannel-k3s'] },
  {
    kind: 'file',
    name: /^\/(etc\/cni\/net\.d|opt\/cni\/bin|var\/lib\/drover\/cni)\/.*flannel(?!.*cilium_bak)/,
    drivers: ['flannel-daemonset'],
  },
];
