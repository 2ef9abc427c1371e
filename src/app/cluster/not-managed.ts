import { askedOf } from '../../plan/network/situation.js';
import type { Cluster } from '../../spec/cluster.js';

/** Sections of the spec that nothing in this version acts on; said in every plan, neither passed nor failed. */
export const notManaged = (cluster: Cluster): string[] => {
  const { spec } = cluster;
  const brings = spec.network.cni.name === 'none' || askedOf(cluster) !== undefined;
  return [
    ...(brings ? [] : ['spec.network.cni']),
    ...(spec.addons.certManager.enabled ? ['spec.addons.certManager'] : []),
    ...(['ufw', 'keep'].includes(spec.preparation.firewall.kind) ? [] : ['spec.preparation.firewall']),
    ...(spec.preparation.docker === 'keep' ? [] : ['spec.preparation.docker']),
  ];
};
