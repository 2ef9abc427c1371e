import type { Trace } from '../model/kubernetes.js';

type Owner = Trace['owner'];
type Signs = readonly (readonly [sign: RegExp, owner: Owner])[];

/** Names by which the remains of cluster networks are known. The first match decides. */
export const LINK_SIGNS: Signs = [
  [/^(flannel\.\d+|flannel-v6\.\d+|flannel-wg(-v6)?)$/, 'flannel'],
  [/^cni0$/, 'flannel'],
  [
    /^(cali[0-9a-f]+|tunl0|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali|wg-v6\.cali|calico_tmp_[AB])$/,
    'calico',
  ],
  [/^(bpfin\.cali|bpfout\.cali)$/, 'calico'],
  [/^(cilium_.+|lxc[0-9a-f]+|lxc_health)$/, 'cilium'],
  [/^kube-ipvs0$/, 'kube-proxy'],
  [/^nodelocaldns$/, 'kubespray'],
  [/^(kube-bridge|tun-[0-9a-f]+)$/, 'kube-router'],
  [/^(weave|vethwe-.+|vxlan-6784|datapath)$/, 'weave'],
  [/^labnet(\.1|0)$/, 'lab'],
];

export const CHAIN_SIGNS: Signs = [
  [/^FLANNEL-/, 'flannel'],
  [/^(cali-|felix-)/, 'calico'],
  [/^(OLD_)?CILIUM_/, 'cilium'],
  [/^(KUBE-ROUTER-|KUBE-POD-FW-|KUBE-NWPLCY-)/, 'kube-router'],
  [/^(CNI-HOSTPORT-|CNI-DN-|CNI-[0-9a-f]{8,})/, 'portmap'],
  [/^WEAVE/, 'weave'],
];

/** kubelet keeps these two itself, whatever proxies services. */
const KUBELET_CHAINS = /^(KUBE-FIREWALL|KUBE-KUBELET-CANARY|KUBE-MARK-DROP|KUBE-IPTABLES-HINT)$/;

export const chainOwner = (chain: string): Owner | undefined => {
  if (KUBELET_CHAINS.test(chain)) return undefined;
  return ownerOf(chain, CHAIN_SIGNS) ?? (chain.startsWith('KUBE-') ? 'kube-proxy' : undefined);
};

export const NFT_SIGNS: Signs = [
  [/ flannel-ipv[46]$/, 'flannel'],
  [/ calico(-arp)?$/, 'calico'],
  [/ kube-router-/, 'kube-router'],
  [/ kube-proxy$/, 'kube-proxy'],
  [/ cilium/, 'cilium'],
  [/ labnet$/, 'lab'],
];

export const IPSET_SIGNS: Signs = [
  [/^(cali40|cali60|cali4t|cali6t|felix-)/, 'calico'],
  [/^(inet6:)?(KUBE-SRC-|KUBE-DST-|kube-router-|TMP-)/, 'kube-router'],
  [/^KUBE-/, 'kube-proxy'],
  [/^cilium_/, 'cilium'],
  [/^weave-/, 'weave'],
];

export const FILE_SIGNS: Signs = [
  [/flannel|cbr0/, 'flannel'],
  [/calico/, 'calico'],
  [/cilium/, 'cilium'],
  [/weave/, 'weave'],
  [/labnet/, 'lab'],
  [/kube-router/, 'kube-router'],
  [/rke2/, 'rke2'],
  [/k3s|rancher|\/cni\//, 'k3s'],
  [/kubespray|\/etc\/kubernetes|nodelocaldns/, 'kubespray'],
];

export const ownerOf = (name: string, signs: Signs): Owner | undefined =>
  signs.find(([sign]) => sign.test(name))?.[1];
