import { driverOf } from '../facts/cni/drivers.js';
import { type Cluster } from '../spec/cluster.js';
import { type Installer, installerOf, modeOf } from '../spec/cni.js';
import type { World } from '../steps/step.js';
import { inUseBy } from './clean-goals.js';

/**
 * The cluster with the network that runs in place of the one that the spec asks for. A plan that does not change the
 * network must not switch it off either: settings of K3s, ports and modules stay those of what runs. A cluster that is
 * not built yet, or has no network, gets what the spec says.
 */
export const keepNetwork = (cluster: Cluster, world: World): Cluster => {
  const { used } = inUseBy(cluster, world);
  const running = used.find(({ driver }) => driver === 'flannel-k3s') ?? used[0];
  if (running === undefined) return cluster;
  const { network } = cluster.spec;
  const mode = running.mode ?? driverOf(running.driver).encapsulations[0]?.mode ?? 'none';
  const installer = driverOf(running.driver).by;
  const same =
    running.cni === network.cni.name &&
    // K3s is told to run Flannel, or not: of the others the agents know best what made them.
    (running.cni !== 'flannel' || installer === installerOf(network)) &&
    (running.mode === undefined || running.mode === modeOf(network));
  if (same) return cluster;
  const [, by] = installer.split('/') as [string, Installer];
  const cni = { name: running.cni, by, mode, options: {} };
  return { ...cluster, spec: { ...cluster.spec, network: { ...network, cni } } };
};
