import { NETWORK_OPTIONS, type NetworkOption } from '../core/events/verdict.js';
import type { CniName, Encapsulation } from '../facts/cni/driver.js';
import { driverAsked, drivers } from '../facts/cni/drivers.js';
import type { Cluster } from '../spec/cluster.js';
import { carriageOf, GENEVE } from '../spec/cni.js';

/** What a cluster network needs from kernel and wire. */
interface NetworkNeeds extends Encapsulation {
  readonly cni: CniName;
}

const needsOf = (option: NetworkOption): NetworkNeeds => {
  const found = drivers
    .flatMap(({ cni, encapsulations }) => encapsulations.map((each) => ({ ...each, cni })))
    .find(({ cni, mode }) => option === `${cni}-${mode}`);
  if (found === undefined) throw new Error(`no driver has the network ${option}`);
  return found;
};

export const NETWORKS = Object.fromEntries(
  NETWORK_OPTIONS.map((option) => [option, needsOf(option)]),
) as Readonly<Record<NetworkOption, NetworkNeeds>>;

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
  'lab/': 'lab-vxlan',
  'lab/vxlan': 'lab-vxlan',
};

/** The network that the spec asks for; undefined without a spec, or when it brings its own. */
export const askedOption = (cluster: Cluster | undefined): NetworkOption | undefined => {
  const cni = cluster?.spec.network.cni;
  return cni === undefined ? undefined : OPTION[`${cni.name}/${cni.mode ?? ''}`];
};

/** UDP port that a network uses here: the spec's own port counts for the network that it asks for. */
export const udpPortOf = (option: NetworkOption, cluster: Cluster | undefined): number | undefined => {
  const { udp, mode } = NETWORKS[option];
  const asked = askedOption(cluster) === option ? cluster?.spec.network.cni : undefined;
  const usual = carriageOf(mode, asked?.options) === 'tunnel/geneve' ? GENEVE : udp;
  return udp === undefined ? undefined : (asked?.port ?? usual);
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

/** TCP ports between all nodes that the network of the spec needs. */
export const networkTcp = (cluster: Cluster | undefined): readonly number[] => {
  const option = askedOption(cluster);
  const added = cluster === undefined ? undefined : driverAsked(cluster.spec.network)?.tcp;
  return option === undefined ? [] : [...(NETWORKS[option].tcp ?? []), ...(added ?? [])];
};

/** TCP ports between the hosts of a cluster (K3s requirements). */
export const NEEDED_TCP: readonly NeededTcp[] = [
  { port: 6443, name: 'Kubernetes API and K3s supervisor', from: 'all', to: 'servers' },
  { port: 2379, name: 'etcd clients', from: 'servers', to: 'servers' },
  { port: 2380, name: 'etcd peers', from: 'servers', to: 'servers' },
  { port: 10250, name: 'kubelet', from: 'all', to: 'all' },
];
