import type { DriverId } from '../../facts/cni/driver.js';
import { calicoRecipe } from './networks/calico.js';
import { calicoOperatorRecipe } from './networks/calico-operator.js';
import { ciliumRecipe } from './networks/cilium.js';
import { flannelDaemonSetRecipe } from './networks/flannel-daemonset.js';
import { flannelK3s } from './networks/flannel-k3s.js';
import { labRecipe } from './networks/lab.js';
import type { NetworkConf, NetworkRecipe } from './recipe.js';

/** The networks that Drover puts into clusters, by driver. Absent = K3s brings it, or Drover cannot. */
export const recipes: Readonly<Partial<Record<DriverId, NetworkRecipe>>> = {
  'calico-manifest': calicoRecipe,
  'calico-operator': calicoOperatorRecipe,
  cilium: ciliumRecipe,
  'flannel-daemonset': flannelDaemonSetRecipe,
  'lab-daemonset': labRecipe,
};

/** The networks to which Drover moves nodes: those that it puts there, and the one that K3s brings. */
export const confs: Readonly<Partial<Record<DriverId, NetworkConf>>> = {
  ...recipes,
  'flannel-k3s': flannelK3s,
};
