/** A way to install a network, as `NAME/BY` of `network.cni`. */
export type InstallerId =
  | 'flannel/k3s'
  | 'flannel/daemonset'
  | 'calico/manifest'
  | 'calico/operator'
  | 'cilium/chart'
  | 'lab/daemonset';

/** Versions of one way to install a network. */
export interface KnownGood {
  /** What the spec means when it names no version; absent = it has none of its own. */
  readonly usual?: string;
  /** What tests make a set of, and hold against the definitions of the same version; absent = nothing to hold it against. */
  readonly tested?: string;
}

/** The one place in which versions of networks are pinned. `lab/upstream/go.mod` pins the same for tests. */
export const KNOWN_GOOD: Readonly<Record<InstallerId, KnownGood>> = {
  'flannel/k3s': {},
  'flannel/daemonset': { usual: 'v0.28.9', tested: 'v0.28.4' },
  'calico/manifest': { usual: 'v3.31.7', tested: 'v3.31.0' },
  'calico/operator': { usual: 'v3.31.7', tested: 'v3.31.0' },
  'cilium/chart': { usual: '1.19.4', tested: '1.19.4' },
  'lab/daemonset': {},
};
