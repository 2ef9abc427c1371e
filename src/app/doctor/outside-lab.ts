import type { DroverError } from '../../core/error.js';
import type { Realm } from '../../core/realm.js';
import type { Cluster } from '../../spec/cluster.js';

/** Why a spec is for a lab alone: it asks real hosts to take the network that the lab brings. */
export const outsideLab = (cluster: Cluster, realm: Realm): DroverError | undefined => {
  if (realm.kind === 'lab' || cluster.spec.network.cni.name !== 'lab') return undefined;
  const location = cluster.locate('spec.network.cni.name');
  return {
    code: 'lab-network-outside-lab',
    message: 'network.cni.name: lab is the lab’s own network, and these hosts are real',
    ...(location === undefined ? {} : { location }),
    state: 'nothing was done',
    hint: 'name flannel, calico or cilium; or use --lab NAME to work on a lab',
  };
};
