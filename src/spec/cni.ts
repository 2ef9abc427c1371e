import type { InstallerId } from './networks/known-good.js';
import type { ClusterSpec } from './schema/cluster.js';

type Network = ClusterSpec['network'];
type CniName = Network['cni']['name'];
type CniMode = NonNullable<Network['cni']['mode']>;
export type Installer = NonNullable<Network['cni']['by']>;

/** The modes that each cluster network has; the first is its default. */
export const CNI_MODES: Readonly<Record<CniName, readonly CniMode[]>> = {
  flannel: ['vxlan', 'host-gw', 'wireguard'],
  calico: ['vxlan', 'ipip', 'none'],
  cilium: ['tunnel', 'native'],
  lab: ['vxlan'],
  none: ['none'],
};

export const modeOf = ({ cni }: Network): CniMode => cni.mode ?? CNI_MODES[cni.name][0] ?? 'none';

/** UDP port of Geneve. */
export const GENEVE = 6081;

/**
 * How packets travel, in full: the mode, and how it is done where there is a choice: `vxlan`, `vxlan/cross-subnet` (bare
 * within a subnet), `tunnel/geneve`.
 */
export const carriageOf = (mode: CniMode, options: Readonly<Record<string, unknown>> = {}): string => {
  if (['vxlan', 'ipip'].includes(mode) && options['crossSubnet'] === true) return `${mode}/cross-subnet`;
  return mode === 'tunnel' && options['tunnelProtocol'] === 'geneve' ? 'tunnel/geneve' : mode;
};

/** The ways to install each cluster network; the first is the usual one. */
export const INSTALLERS: Readonly<Record<CniName, readonly Installer[]>> = {
  flannel: ['k3s', 'daemonset'],
  calico: ['manifest', 'operator'],
  cilium: ['chart'],
  lab: ['daemonset'],
  none: [],
};

/** What installs the network; undefined = none is installed, or not that way. */
export const installerOf = ({ cni }: Network): InstallerId | undefined => {
  const ways = INSTALLERS[cni.name];
  const by = cni.by ?? ways[0];
  return by === undefined || !ways.includes(by) ? undefined : (`${cni.name}/${by}` as InstallerId);
};

/**
 * Bytes that the mode takes from every packet over IPv4 (VXLAN 14+8+8+20, IPIP 20, flannel's WireGuard 80).
 * Source: MTU pages of Calico, Flannel and Cilium.
 */
const OVERHEAD: Readonly<Record<CniMode, number>> = {
  vxlan: 50,
  tunnel: 50,
  ipip: 20,
  wireguard: 80,
  'host-gw': 0,
  native: 0,
  none: 0,
};

export const overheadOf = (network: Network): number => {
  const overhead = OVERHEAD[modeOf(network)];
  const ipv6 = network.nodes.includes(':');
  return ipv6 && overhead === 50 ? 70 : overhead;
};

/** MTU of the node network as far as the spec tells; undefined = only a measurement knows. */
export const underlayMtu = ({ provider }: Network): number | undefined => {
  if (provider?.mtu !== undefined) return provider.mtu;
  if (provider?.vswitch === true) return 1400;
  return provider?.kind === 'hetzner-cloud' ? 1450 : undefined;
};

/** Does every packet pass a gateway, as in Hetzner Cloud networks? */
export const isRouted = ({ provider }: Network): boolean =>
  provider?.shape === 'routed' ||
  (provider?.kind === 'hetzner-cloud' && provider.shape === undefined && !provider.vswitch);
