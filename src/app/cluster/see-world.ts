import type { HostFacts } from '../../facts/model/host-facts.js';
import type { World } from '../../steps/step.js';
import { serverTargets } from '../doctor/subject.js';
import { type KubeAccess, kubeAccess } from './kube-access.js';
import { leavingHosts } from './leaving-hosts.js';
import type { PlanRequest } from './plan-request.js';
import { seeCluster } from './see-cluster.js';
import type { ClusterTools } from './tools.js';

/** What looking at a cluster takes. */
export interface Sight {
  readonly tools: ClusterTools;
  /** The way to the cluster's API, for as long as somebody looks. */
  readonly access: KubeAccess;
}

/** Opens a way to the API of the cluster for whoever looks at it, and closes it afterwards. */
export const withSight = async <T>(
  { subject }: Pick<PlanRequest, 'subject'>,
  tools: ClusterTools,
  look: (sight: Sight) => Promise<T>,
): Promise<T> => {
  const access = kubeAccess(serverTargets(subject.hosts), tools);
  try {
    return await look({ tools, access });
  } finally {
    access.close();
  }
};

const hasServer = (hosts: readonly HostFacts[]): boolean =>
  hosts.some(({ sections }) =>
    sections.kubernetes?.value?.installs.some(({ role, active }) => role === 'server' && active === 'active'),
  );

/** The hosts as the doctor saw them, the cluster if there is one, and the hosts of nodes that leave it. */
export const seeWorld = async (
  request: Pick<PlanRequest, 'cluster' | 'subject' | 'timeoutMs'>,
  hosts: readonly HostFacts[],
  { tools, access }: Sight,
): Promise<World> => {
  const [seen, operator] = await Promise.all([
    hasServer(hosts) ? seeCluster(access, tools)(tools.soft) : undefined,
    tools.machine.see(tools.soft),
  ]);
  const leaving = leavingHosts(request.cluster, tools.realm, seen);
  const { timeoutMs } = request;
  const more = await tools.instruments.collect(leaving, { passive: true, deep: false, timeoutMs });
  const all = new Map([...hosts, ...more].map((host) => [host.name, host]));
  return { hosts: all, operator, ...(seen === undefined ? {} : { cluster: seen }) };
};
