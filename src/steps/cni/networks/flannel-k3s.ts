import type { NetworkConf, RecipeInput, Works } from '../recipe.js';

/** Where K3s writes Flannel's configuration, and lets its runtime look while its Flannel is on. */
export const K3S_CONF_DIR = '/var/lib/rancher/k3s/agent/etc/cni/net.d';

/**
 * The file of K3s comes after those of other networks. A copy before them moves a node to Flannel while the others still
 * have the former network; it goes with the configuration of that.
 */
const CONF_NAME = '00-flannel.conflist';

/** WireGuard has one route for all nodes. */
const WORKS: Readonly<Partial<Record<RecipeInput['mode'], Works>>> = {
  vxlan: { device: 'flannel.1', routes: { over: 'flannel.1' } },
  'host-gw': { routes: {} },
  wireguard: { device: 'flannel-wg' },
};

/** Flannel inside K3s: it comes and goes with a setting of K3s, and has no objects. */
export const flannelK3s: NetworkConf = {
  driver: 'flannel-k3s',
  confName: CONF_NAME,
  conflist: () => ({ kind: 'staged', path: `${K3S_CONF_DIR}/10-flannel.conflist` }),
  agents: [],
  plugins: [],
  works: ({ mode }) => WORKS[mode] ?? {},
};
