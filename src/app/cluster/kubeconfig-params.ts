import { type Cluster, isMember } from '../../spec/cluster.js';
import type { ApiWay } from '../../steps/operator/api-way.js';
import type { KubeconfigParams } from '../../steps/operator/kubeconfig.js';
import { balancerOf } from './verify/balancer.js';

const urlOf = (address: string, port: number): string =>
  `https://${address.includes(':') ? `[${address}]` : address}:${port}`;

/** Under which name a cluster is merged into a kubeconfig, and the ways to its API: the balancer first, then the servers. */
export const kubeconfigParams = (cluster: Cluster): KubeconfigParams => {
  const { api } = cluster.spec;
  const balancer = balancerOf(cluster);
  const servers = cluster.hosts.filter((host) => isMember(host) && host.role === 'server');
  const direct = servers.map(
    ({ name, address }): ApiWay => ({ kind: 'server', name, url: urlOf(address, api.port) }),
  );
  const first: readonly ApiWay[] =
    balancer === undefined
      ? []
      : [{ kind: 'balancer', name: balancer.name, url: urlOf(balancer.address, balancer.port) }];
  return { context: api.kubeconfig.context ?? cluster.name, ways: [...first, ...direct] };
};
