import type { Cluster } from '../../../spec/cluster.js';

/** The one address by which users and joining hosts reach the API, whichever server answers. */
export interface Balancer {
  readonly name: string;
  /** Address or DNS name. */
  readonly address: string;
  readonly port: number;
  /** External host of the spec that it runs on. */
  readonly host: string | undefined;
}

interface Candidate extends Balancer {
  readonly isEndpoint: boolean;
}

const listening = ({ spec, hosts }: Cluster): Candidate[] =>
  spec.loadBalancers.flatMap((each) => {
    const listener = each.listeners.find(
      ({ backends, targetPort, port }) => backends === 'servers' && (targetPort ?? port) === spec.api.port,
    );
    const address = each.address ?? hosts.find(({ name }) => name === each.host)?.address;
    if (listener === undefined || address === undefined || each.scope !== 'internal') return [];
    const isEndpoint = spec.api.endpoint === undefined || spec.api.endpoint === address;
    return [{ name: each.name, address, port: listener.port, host: each.host, isEndpoint }];
  });

/** The balancer before the servers as the spec tells it; undefined where users call a server itself. */
export const balancerOf = (cluster: Cluster): Balancer | undefined => {
  const { spec, hosts } = cluster;
  const found = listening(cluster).find(({ isEndpoint }) => isEndpoint);
  if (found !== undefined) return found;
  const { endpoint, port } = spec.api;
  if (endpoint === undefined) return undefined;
  const host = hosts.find(({ name, address }) => endpoint === name || endpoint === address);
  if (host?.role === 'server') return undefined;
  return { name: host?.name ?? endpoint, address: endpoint, port, host: host?.name };
};
