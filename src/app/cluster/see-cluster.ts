import type { Clock } from '../../core/ports/clock.js';
import { collectCluster } from '../../facts/cluster/collect-cluster.js';
import type { KubeAccess } from './kube-access.js';
import type { SeeCluster } from './world.js';

/** Facts of the cluster through whichever server is ready; undefined when none is, or the cluster tells nothing. */
export const seeCluster =
  (access: KubeAccess, { clock }: { readonly clock: Clock }): SeeCluster =>
  async (signal) => {
    const opened = await access.open(signal);
    if (!opened.ok) return undefined;
    const facts = await collectCluster({ kube: opened.value, clock, signal });
    return facts.ok ? facts.value : undefined;
  };
