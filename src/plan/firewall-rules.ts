import { neededUdp, networkTcp } from '../diagnosis/networks.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { modeOf } from '../spec/cni.js';
import type { FirewallRule } from '../steps/host/ufw-rules.js';

type Network = Cluster['spec']['network'];

const KUBELET = '10250';
const ETCD = '2379:2380';
const REGISTRY_MIRROR = '5001';
const ETCD_FIGURES = '2381';

const rule = (part: Partial<FirewallRule> & Pick<FirewallRule, 'reason'>): FirewallRule => ({
  direction: 'in',
  protocol: 'any',
  ports: [],
  from: 'any',
  to: 'any',
  ...part,
});

const ascending = (ports: readonly string[]): string[] =>
  [...new Set(ports)].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));

const mirrors = ({ spec: { distribution } }: Cluster): boolean =>
  distribution.kind === 'k3s' && distribution.config['embedded-registry'] === true;

/** Figures of the machine, and on servers those of etcd. Prometheus runs on any node, and comes to others from its node’s address. */
const figures = ({ spec: { monitoring } }: Cluster, servers: boolean): string[] =>
  monitoring.enabled ? [`${monitoring.nodeExporter.port}`, ...(servers ? [ETCD_FIGURES] : [])] : [];

/** What one node lets in from another. */
const fromPeer = (clusters: readonly Cluster[], host: ClusterHost, peer: ClusterHost): FirewallRule[] => {
  const [cluster] = clusters;
  if (cluster === undefined) return [];
  const { api } = cluster.spec;
  const reason = peer.name;
  // ufw has no word for protocol 4, so with IPIP everything from a node passes.
  if (clusters.some(({ spec: { network } }) => network.cni.name === 'calico' && modeOf(network) === 'ipip'))
    return [rule({ from: peer.address, reason: `${reason} (IPIP)` })];
  const servers = host.role === 'server';
  const tcp = [
    ...(servers || mirrors(cluster) ? [`${api.port}`] : []),
    ...(servers && peer.role === 'server' ? [ETCD] : []),
    ...(mirrors(cluster) ? [REGISTRY_MIRROR] : []),
    ...clusters.flatMap((each) => networkTcp(each).map(String)),
    ...figures(cluster, servers),
    KUBELET,
  ];
  const udp = clusters.flatMap((each) => neededUdp(each) ?? []).map(String);
  return [
    rule({ protocol: 'tcp', ports: ascending(tcp), from: peer.address, reason }),
    ...(udp.length === 0
      ? []
      : [rule({ protocol: 'udp', ports: ascending(udp), from: peer.address, reason })]),
  ];
};

/** Pods call the API, the kubelet and hostNetwork pods; what passes through the host is judged by the CNI. */
const fromRanges = ({ spec: { network } }: Cluster): FirewallRule[] => [
  rule({ from: network.pods, reason: 'pods' }),
  rule({ from: network.services, reason: 'Services' }),
  rule({ direction: 'route', from: network.pods, reason: 'from pods' }),
  rule({ direction: 'route', to: network.pods, reason: 'to pods' }),
];

/** Addresses of load balancers, as far as the spec tells. */
const balancers = (cluster: Cluster): { readonly name: string; readonly address: string }[] =>
  cluster.spec.loadBalancers.flatMap(({ name, address, host }) => {
    const found = address ?? cluster.hosts.find((each) => each.name === host)?.address;
    return found === undefined ? [] : [{ name, address: found }];
  });

/** The API for users in the node network and for load balancers. */
const apiRules = (cluster: Cluster, host: ClusterHost): FirewallRule[] => {
  if (host.role !== 'server') return [];
  const { network, api } = cluster.spec;
  const ports = [`${api.port}`];
  return [
    rule({ protocol: 'tcp', ports, from: network.nodes, reason: 'API' }),
    ...balancers(cluster).map(({ name, address }) =>
      rule({ protocol: 'tcp', ports, from: address, reason: `API by ${name}` }),
    ),
  ];
};

/** HTTP from everywhere; the health check for the network that load balancers ask from. */
const ingressRules = (cluster: Cluster): FirewallRule[] => {
  const { ingress, network } = cluster.spec;
  if (ingress.controller === 'none') return [];
  const { http, https, health } = ingress.ports;
  const ports = [`${health}`];
  return [
    rule({ protocol: 'tcp', ports: ascending([`${http}`, `${https}`]), reason: 'ingress' }),
    rule({
      protocol: 'tcp',
      ports,
      from: network.provider?.range ?? network.nodes,
      reason: 'ingress health',
    }),
    ...balancers(cluster).map(({ name, address }) =>
      rule({ protocol: 'tcp', ports, from: address, reason: `ingress health by ${name}` }),
    ),
  ];
};

const allowed = (cluster: Cluster, host: ClusterHost): FirewallRule[] =>
  cluster.spec.preparation.firewall.allow
    .filter(({ hosts }) => hosts === 'all' || hosts === `${host.role}s`)
    .flatMap(({ protocol, port, from, reason }) =>
      (from ?? ['any']).map((source) =>
        rule({ protocol, ports: [`${port}`.replace('-', ':')], from: source, reason: reason ?? 'spec' }),
      ),
    );

/**
 * Everything that one host must let in, from the spec alone; SSH is added by the step, at the port in use. Its own
 * address is among the peers: nothing can come in from there, and so all hosts of a role have the same rules.
 * @param also networks that stand beside the one of the spec
 */
export const firewallRules = (
  cluster: Cluster,
  host: ClusterHost,
  also: readonly Network[] = [],
): FirewallRule[] => {
  const peers = cluster.hosts.filter(isMember);
  const clusters = [cluster, ...also.map((network) => ({ ...cluster, spec: { ...cluster.spec, network } }))];
  const all = [
    ...peers.flatMap((peer) => fromPeer(clusters, host, peer)),
    ...fromRanges(cluster),
    ...apiRules(cluster, host),
    ...ingressRules(cluster),
    ...allowed(cluster, host),
  ];
  const seen = new Set<string>();
  return all.filter(({ reason: _, ...match }) => {
    const key = JSON.stringify(match);
    return !seen.has(key) && seen.add(key).size > 0;
  });
};
