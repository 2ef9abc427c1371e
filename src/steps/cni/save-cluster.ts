import type { Kube, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { World } from '../step.js';
import { exportNetworks, type NetworkExport } from './export-objects.js';
import { networkPods, PODS } from './network-pods.js';
import { clusterRemains } from './objects.js';

const POLICIES = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' } as const;

/** What of a cluster a change of its network could lose, as it was before. */
export interface ClusterSave {
  /** Pods that nobody makes again. */
  readonly barePods: readonly KubeObject[];
  readonly policies: readonly KubeObject[];
  /** Definitions of networks with their objects, and annotations of nodes. */
  readonly networks: NetworkExport;
}

const listAll = async (
  kube: Pick<Kube, 'list'>,
  resource: KubeRef['resource'],
  signal: AbortSignal,
): Promise<Result<readonly KubeObject[], StepFailure>> => {
  const all: KubeObject[] = [];
  for await (const page of kube.list(resource, { signal })) {
    if (!page.ok) return err(failureOfKube(page.error, `cannot list ${resource.plural}`));
    all.push(...page.value.items);
  }
  return ok(all);
};

/** Reads all of it. */
export const readClusterSave = async (
  kube: Kube,
  world: World,
  signal: AbortSignal,
): Promise<Result<ClusterSave, StepFailure>> => {
  const pods = await listAll(kube, PODS, signal);
  if (!pods.ok) return pods;
  const policies = await listAll(kube, POLICIES, signal);
  if (!policies.ok) return policies;
  const remains = clusterRemains(world, []) ?? { annotations: [], definitions: [] };
  const networks = await exportNetworks(kube, remains, signal);
  if (!networks.ok) return networks;
  const barePods = networkPods(pods.value).filter(({ owner, over, ending }) => !owner && !over && !ending);
  return ok({
    barePods: barePods.map(({ object }) => object),
    policies: policies.value,
    networks: networks.value,
  });
};
