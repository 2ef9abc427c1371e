import type { Json } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { CniMode, DriverId } from '../../facts/cni/driver.js';
import type { ManifestName } from '../../spec/networks/manifests.js';

/** What a network is made from. A type alias is JSON, an interface is not. */
export type RecipeInput = {
  readonly version: string;
  readonly mode: CniMode;
  /** Range of the network’s own, CIDR; blocks of `blockPrefix` are cut out of it. */
  readonly pool: string;
  readonly blockPrefix: number;
  /** Of pods, in bytes. While two networks are there: the lower of both. */
  readonly mtu: number;
  /** UDP port of its tunnel; null = its mode has none. */
  readonly port: number | null;
  /** Whole range of pods of the cluster, CIDR. */
  readonly pods: string;
  /** Range of Services, CIDR. */
  readonly services: string;
  /** It is the second network of the cluster: it writes no configuration into folders that a runtime reads. */
  readonly beside: boolean;
  /** Folders that containerd really reads on these hosts, from facts. */
  readonly confDir: string;
  readonly binDir: string;
  /** An address of the API that does without kube-proxy. */
  readonly api: { readonly host: string; readonly port: number };
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  /** `network.cni.options` of the spec, judged before. */
  readonly options?: { readonly [name: string]: Json };
  /** Which iptables the hosts use; default: nft. */
  readonly iptables?: 'nft' | 'legacy';
  /** Interfaces of the node network, where they are known. */
  readonly interfaces?: readonly string[];
  /** Name of the cluster. */
  readonly cluster?: string;
  /** Routes to pods are kept by the provider, from the ranges that Kubernetes gives to nodes. */
  readonly providerRoutes?: boolean;
  /**
   * Packets are to take another mode than before: agents keep the former tunnel as well, and `done` tells whether packets
   * go by the new one already.
   */
  readonly turn?: { readonly from: CniMode; readonly done: boolean };
  /** The network programs Services itself: kube-proxy is off, or about to be. */
  readonly replacesKubeProxy?: boolean;
};

/**
 * What a network’s own project publishes and its set is made from: whoever asks for the set fetches it, checked by its
 * digest, and renders a chart with the values. A type alias is JSON, an interface is not.
 */
export type Upstream =
  | { readonly kind: 'manifest'; readonly name: ManifestName; readonly version: string }
  | {
      readonly kind: 'chart';
      readonly name: 'cilium';
      readonly version: string;
      readonly namespace: string;
      readonly values: { readonly [name: string]: Json };
    };

/** The CNI configuration: Drover has its text, or the network’s pods leave it on each node, where no runtime reads it. */
export type Conflist =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'staged';
      readonly path: string;
      /** Programs of others that it calls: `portmap`. */
      readonly calls?: readonly string[];
    };

/** What must be on each host whatever the network’s health says (network.md §10). */
export interface Works {
  /** Device that is there, up, and has an address. */
  readonly device?: string;
  /** At least one route into the pool for each other node, over `over` where it is given. Absent = it needs none. */
  readonly routes?: { readonly over?: string };
}

/** How pods of a node get a network that is there: what their runtime reads, and what must work. All functions are pure. */
export interface NetworkConf {
  readonly driver: DriverId;
  /** File name of its configuration; must sort before those of other networks: `05-calico.conflist`. */
  readonly confName: string;
  readonly conflist: (input: RecipeInput) => Conflist;
  /** DaemonSets of its agents, as `NAMESPACE/NAME`. */
  readonly agents: readonly string[];
  /** Binaries that its pods put into `binDir`, by names of its own. */
  readonly plugins: readonly string[];
  /** Where its pods put them instead, when `binDir` must not have what else they bring; they are copied with the configuration. */
  readonly pluginDir?: (input: RecipeInput) => string;
  readonly works: (input: RecipeInput) => Works;
}

/** How a network is put into a cluster, beside another one or alone. All functions are pure. */
export interface NetworkRecipe extends NetworkConf {
  /** What must be fetched before `set`; absent = the set needs nothing. */
  readonly upstream?: (input: RecipeInput) => Upstream;
  /** All its objects, in the order of applying, from the objects of `upstream`. Structurally an object set. */
  readonly set: (
    input: RecipeInput,
    upstream: readonly KubeObject[],
  ) => {
    readonly name: string;
    readonly objects: readonly KubeObject[];
  };
}
