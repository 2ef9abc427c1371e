import type { DriverId } from '../../facts/cni/driver.js';
import { calicoRecipe } from './networks/calico.js';
import { ciliumRecipe } from './networks/cilium.js';
import { labRecipe } from './networks/lab.js';
import type { NetworkRecipe } from './recipe.js';

/** The networks that Drover puts into clusters, by driver. Absent = K3s brings it, or Drover cannot. */
export const recipes: Readonly<Partial<Record<DriverId, NetworkRecipe>>> = {
  'calico-manifest': calicoRecipe,
  cilium: ciliumRecipe,
  'lab-daemonset': labRecipe,
};
