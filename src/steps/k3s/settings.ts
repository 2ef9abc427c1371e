import { stringify } from 'yaml';
import { formatAddress, nthAddress, parseCidr } from '../../core/cidr.js';
import type { Cluster, ClusterHost } from '../../spec/cluster.js';

/** Where Drover writes; the user's own config.yaml and other drop-ins stay as they are. */
export const DROP_IN = '/etc/rancher/k3s/config.yaml.d/50-drover.yaml';
export const SERVER_TOKEN_FILE = '/etc/rancher/k3s/drover-server-token';
export const AGENT_TOKEN_FILE = '/etc/rancher/k3s/drover-agent-token';

export type K3sSettings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** How a server comes into its cluster: one founds it, all others join one that lives. */
export type ServerOrigin = { readonly kind: 'found' } | { readonly kind: 'join'; readonly url: string };

const compact = (
  settings: Record<string, string | number | boolean | readonly string[] | undefined>,
): K3sSettings =>
  Object.fromEntries(
    Object.entries(settings).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !(Array.isArray(entry[1]) && entry[1].length === 0),
    ),
  );

const flannelBackend = (cluster: Cluster): string => {
  const { cni } = cluster.spec.network;
  if (cni.name !== 'flannel') return 'none';
  return cni.mode === 'wireguard' ? 'wireguard-native' : (cni.mode ?? 'vxlan');
};

const disabled = (cluster: Cluster): string[] => {
  const { addons } = cluster.spec;
  // Ingress comes as a step of its own; K3s' bundled Traefik would fight with it for the same ports.
  return [
    'traefik',
    ...(addons.serviceLb.enabled ? [] : ['servicelb']),
    ...(addons.coredns.enabled ? [] : ['coredns']),
    ...(addons.metricsServer.enabled ? [] : ['metrics-server']),
    ...(addons.localPath.enabled ? [] : ['local-storage']),
  ].sort();
};

const clusterDns = (cluster: Cluster): string => {
  const { dns, services } = cluster.spec.network;
  if (dns !== undefined) return dns;
  const range = parseCidr(services);
  const tenth = range === undefined ? undefined : nthAddress(range, 10);
  if (tenth === undefined) throw new Error(`the service range ${services} was validated before`);
  return formatAddress(tenth);
};

/**
 * Names in the API's certificate besides the server's own, which K3s adds: endpoint, SANs of the spec and this server; sorted.
 * The other servers are not named: one that comes or goes must not restart all.
 */
const certificateNames = ({ spec: { api } }: Cluster, { name, address }: ClusterHost): string[] =>
  [...new Set([...(api.endpoint === undefined ? [] : [api.endpoint]), ...api.sans, name, address])].sort();

/**
 * Values that must be the same on all servers (installers.md §5.3); K3s refuses to start when they differ, except
 * disable-kube-proxy, which diverges silently.
 */
const criticalSettings = (cluster: Cluster) => {
  const { network } = cluster.spec;
  return {
    'cluster-cidr': network.pods,
    'service-cidr': network.services,
    'cluster-dns': clusterDns(cluster),
    'cluster-domain': network.domain,
    'flannel-backend': flannelBackend(cluster),
    'disable-network-policy': network.cni.name === 'flannel' ? undefined : true,
    'disable-kube-proxy': network.kubeProxy === 'replaced' ? true : undefined,
    disable: disabled(cluster),
  };
};

const nodeSettings = (cluster: Cluster, host: ClusterHost, iface: string | undefined) => ({
  'node-name': host.name,
  'node-ip': host.address,
  'flannel-iface': cluster.spec.network.cni.name === 'flannel' ? iface : undefined,
});

/** Settings of a server: pure in the spec, the interface that facts show, and how the server comes in. */
export const serverSettings = (
  cluster: Cluster,
  host: ClusterHost,
  given: { readonly origin: ServerOrigin; readonly iface?: string },
): K3sSettings => {
  const { distribution, network } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('settings of K3s for another distribution');
  return compact({
    ...(distribution.config as K3sSettings),
    ...(given.origin.kind === 'found' ? { 'cluster-init': true } : { server: given.origin.url }),
    'token-file': SERVER_TOKEN_FILE,
    'agent-token-file': AGENT_TOKEN_FILE,
    ...nodeSettings(cluster, host, given.iface),
    ...criticalSettings(cluster),
    'tls-san': certificateNames(cluster, host),
    'tls-san-security': true,
    'https-listen-port': cluster.spec.api.port === 6443 ? undefined : cluster.spec.api.port,
    'write-kubeconfig-mode': '0600',
    'kube-controller-manager-arg':
      network.nodeMask === 24 ? undefined : [`node-cidr-mask-size=${network.nodeMask}`],
    'kube-proxy-arg':
      network.kubeProxy === 'nftables' || network.kubeProxy === 'ipvs'
        ? [`proxy-mode=${network.kubeProxy}`]
        : undefined,
    'etcd-snapshot-schedule-cron': distribution.snapshots.schedule,
    'etcd-snapshot-retention': distribution.snapshots.retention,
  });
};

/** Settings of an agent; `url` is only used to join, afterwards K3s keeps its own list of servers. */
export const agentSettings = (
  cluster: Cluster,
  host: ClusterHost,
  given: { readonly url: string; readonly iface?: string },
): K3sSettings => {
  const { distribution, network } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('settings of K3s for another distribution');
  return compact({
    ...(distribution.agentConfig as K3sSettings),
    server: given.url,
    'token-file': AGENT_TOKEN_FILE,
    ...nodeSettings(cluster, host, given.iface),
    'kube-proxy-arg':
      network.kubeProxy === 'nftables' || network.kubeProxy === 'ipvs'
        ? [`proxy-mode=${network.kubeProxy}`]
        : undefined,
  });
};

/** Text of the drop-in: sorted keys, so that equal settings are equal bytes. */
export const renderSettings = (settings: K3sSettings): string =>
  `# Written by Drover. Change the spec instead; other files in this folder stay yours.\n${stringify(settings, { sortMapEntries: true, lineWidth: 0 })}`;
