import type { InstallerId } from '../../spec/networks/known-good.js';
import type { Trace } from '../model/kubernetes.js';

/** The cluster networks that Drover knows, by the name that the spec uses. `lab` is the lab's own. */
export const CNI_NAMES = ['flannel', 'calico', 'cilium', 'lab'] as const;
export type CniName = (typeof CNI_NAMES)[number];

/** How packets travel between nodes; the words of `network.cni.mode`. */
export type CniMode = 'vxlan' | 'host-gw' | 'wireguard' | 'ipip' | 'none' | 'tunnel' | 'native';

/** One way in which a network carries packets between nodes, and what that needs of kernel and wire. */
export interface Encapsulation {
  readonly mode: CniMode;
  readonly title: string;
  /** Kernel module that carries it. */
  readonly module?: string;
  /** UDP port of its tunnel by default. */
  readonly udp?: number;
  /** IP protocol number of its tunnel. */
  readonly protocol?: number;
  /** TCP ports by which its agents reach each other: BGP of BIRD, health and Hubble of Cilium. */
  readonly tcp?: readonly number[];
  /** Bytes that its tunnel adds to each packet over IPv4. */
  readonly overhead: number;
  /** Pods' packets travel bare: the underlay must carry addresses of the pod range. */
  readonly bare: boolean;
  /** Device that exists on every node while it works; absent = routes alone. */
  readonly device?: string;
}

/** How pods get their addresses. */
export interface Addressing {
  /** node-range = the range that Kubernetes gave to the node; pool = the network cuts blocks out of a range of its own. */
  readonly kind: 'node-range' | 'pool';
  /** Range that its own installer takes when nobody names one. */
  readonly usual: string;
  /** Prefix length of the block that a node gets. */
  readonly block: number;
  /** Where leases outlive their pods: CNI DEL runs the plugin that is configured then, not the one of ADD. */
  readonly leaks: string;
}

/** By what a network is recognised. */
export interface Signs {
  /** File name, plugin type and network name of its CNI configuration, joined by spaces, in small letters. */
  readonly config: RegExp;
  /** DaemonSets of its agents, as `NAMESPACE/NAME`. */
  readonly agents: RegExp;
  /** Keys of its annotations on nodes; undefined = it writes none. */
  readonly annotations?: RegExp;
  /** Names of its CustomResourceDefinitions; undefined = it has none. */
  readonly definitions?: RegExp;
}

/** One kind of thing that a network makes on hosts. */
export interface ResidueSign {
  readonly kind: Trace['kind'];
  readonly name: RegExp;
  /** Only these modes make it; default: all. */
  readonly modes?: readonly CniMode[];
  /** Only these drivers make it; default: all of the network. */
  readonly drivers?: readonly DriverId[];
}

/** What a network's own health does not tell (network.md §10). */
export interface HealthGap {
  readonly says: string;
  readonly hides: string;
}

export const DRIVER_IDS = [
  'flannel-k3s',
  'flannel-daemonset',
  'calico-manifest',
  'calico-operator',
  'cilium',
  'lab-daemonset',
] as const;
export type DriverId = (typeof DRIVER_IDS)[number];

/** A cluster network as data: what it needs, how it is recognised, what it leaves. One way of installing it. */
export interface Driver {
  readonly id: DriverId;
  readonly cni: CniName;
  /** What installs it, in the words of the spec. */
  readonly by: InstallerId;
  readonly title: string;
  /** The first is the default. */
  readonly encapsulations: readonly Encapsulation[];
  readonly addressing: Addressing;
  readonly signs: Signs;
  readonly residue: readonly ResidueSign[];
  readonly health: readonly HealthGap[];
  /** TCP ports by which nodes reach what this way of installing adds, whatever carries packets: Typha. */
  readonly tcp?: readonly number[];
  /** Answers of its pods may leave by another device than questions come by: strict reverse-path filtering cuts them. */
  readonly asymmetric?: true;
}
