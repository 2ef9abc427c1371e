import type { NetworkOption } from '../core/events/verdict.js';
import type { Cluster } from '../spec/cluster.js';

/** What a cluster network needs from kernel and wire. Overheads and ports: network.md §5, K3s, Calico and Cilium documentation. */
export interface NetworkNeeds {
  readonly title: string;
  readonly cni: 'flannel' | 'calico' | 'cilium';
  /** Kernel module that carries it. */
  readonly module?: string;
  /** UDP port of its tunnel by default. */
  readonly udp?: number;
  /** IP protocol number of its tunnel. */
  readonly protocol?: number;
  /** Bytes that its tunnel adds to each packet over IPv4. */
  readonly overhead: number;
  /** Pods' packets travel bare: the underlay must carry addresses of the pod range. */
  readonly bare: boolean;
}

export const NETWORKS: Readonly<Record<NetworkOption, NetworkNeeds>> = {
  'flannel-vxlan': {
    title: 'Flannel VXLAN',
    cni: 'flannel',
    module: 'vxlan',
    udp: 8472,
    overhead: 50,
    bare: false,
  },
  'flannel-host-gw': { title: 'Flannel host-gw', cni: 'flannel', overhead: 0, bare: true },
  'flannel-wireguard': {
    title: 'Flannel WireGuard',
    cni: 'flannel',
    module: 'wireguard',
    udp: 51820,
    overhead: 80,
    bare: false,
  },
  'calico-ipip': {
    title: 'Calico IPIP',
    cni: 'calico',
    module: 'ipip',
    protocol: 4,
    overhead: 20,
    bare: false,
  },
  'calico-vxlan': {
    title: 'Calico VXLAN',
    cni: 'calico',
    module: 'vxlan',
    udp: 4789,
    overhead: 50,
    bare: false,
  },
  'calico-none': { title: 'Calico without encapsulation', cni: 'calico', overhead: 0, bare: true },
  'cilium-tunnel': {
    title: 'Cilium tunnel (VXLAN)',
    cni: 'cilium',
    module: 'vxlan',
    udp: 8472,
    overhead: 50,
    bare: false,
  },
  'cilium-native': { title: 'Cilium native routing', cni: 'cilium', overhead: 0, bare: true },
};

const OPTION: Readonly<Record<string, NetworkOption>> = {
  'flannel/': 'flannel-vxlan',
  'flannel/vxlan': 'flannel-vxlan',
  'flannel/host-gw': 'flannel-host-gw',
  'flannel/wireguard': 'flannel-wireguard',
  'calico/': 'calico-vxlan',
  'calico/ipip': 'calico-ipip',
  'calico/vxlan': 'calico-vxlan',
  'calico/none': 'calico-none',
  'cilium/': 'cilium-tunnel',
  'cilium/tunnel': 'cilium-tunnel',
  'cilium/vxlan': 'cilium-tunnel',
  'cilium/native': 'cilium-native',
};

/** The network that the spec asks for; undefined without a spec, or when it brings its own. */
export const askedOption = (cluster: Cluster | undefined): NetworkOption | undefined => {
  const cni = cluster?.spec.network.cni;
  return cni === undefined ? undefined : OPTION[`${cni.name}/${cni.mode ?? ''}`];
};

/** UDP port that a network uses here: the spec's own port counts for the network that it asks for. */
export const udpPortOf = (option: NetworkOption, cluster: Cluster | undefined): number | undefined => {
  const own = askedOption(cluster) === option ? cluster?.spec.network.cni.port : undefined;
  return NETWORKS[option].udp === undefined ? undefined : (own ?? NETWORKS[option].udp);
};

const PORT_NAMES: Readonly<Record<number, string>> = {
  4789: 'VXLAN of Calico',
  6081: 'Geneve',
  8472: 'VXLAN of Flannel and Cilium',
  51820: 'WireGuard of Flannel and Calico',
  51821: 'WireGuard over IPv6',
  51871: 'WireGuard of Cilium',
};

/** "UDP 8472 (VXLAN of Flannel and Cilium)". */
export const udpTitle = (port: number): string => {
  const name = PORT_NAMES[port];
  return name === undefined ? `UDP ${port}` : `UDP ${port} (${name})`;
};

/** UDP port of the network that the spec asks for; without a spec that of Flannel VXLAN, the default of K3s. */
export const neededUdp = (cluster: Cluster | undefined): number | undefined => {
  const option = cluster === undefined ? 'flannel-vxlan' : askedOption(cluster);
  return option === undefined ? undefined : udpPortOf(option, cluster);
};

export interface NeededTcp {
  readonly port: number;
  readonly name: string;
  /** Who must reach whom. */
  readonly from: 'all' | 'servers';
  readonly to: 'all' | 'servers';
}

/** TCP ports between the hosts of a cluster (K3s requirements). */
export const NEEDED_TCP: readonly NeededTcp[] = [
  { port: 6443, name: 'Kubernetes API and K3s supervisor', from: 'all', to: 'servers' },
  { port: 2379, name: 'etcd clients', from: 'servers', to: 'servers' },
  { port: 2380, name: 'etcd peers', from: 'servers', to: 'servers' },
  { port: 10250, name: 'kubelet', from: 'all', to: 'all' },
];
