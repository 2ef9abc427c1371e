import { stringify } from 'yaml';
import { formatAddress, nthAddress, parseCidr } from '../../core/cidr.js';
import type { Cluster, ClusterHost } from '../../spec/cluster.js';
import { installerOf } from '../../spec/cni.js';

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

/** What K3s itself does about the cluster network. All servers must say the same. A type alias is JSON, an interface is not. */
export type K3sNetwork = {
  /** `flannel-backend`: one of Flannel's back ends, or `none`. */
  readonly backend: string;
  /** Its own controller of NetworkPolicies runs. */
  readonly policies: boolean;
  readonly kubeProxy: boolean;
};

/** What the spec wants of K3s there. */
export const askedNetwork = ({ spec: { network } }: Cluster): K3sNetwork => {
  const { mode = 'vxlan' } = network.cni;
  const flannel = installerOf(network) === 'flannel/k3s';
  return {
    backend: flannel ? (mode === 'wireguard' ? 'wireguard-native' : mode) : 'none',
    // Its judge of NetworkPolicies knows pods by the ranges of their nodes, which Flannel keeps to.
    policies: network.cni.name === 'flannel',
    kubeProxy: network.kubeProxy !== 'replaced',
  };
};

/** The keys in which it is said. A key that says what K3s does anyway is left out. */
export const networkKeys = ({ backend, policies, kubeProxy }: K3sNetwork): K3sSettings =>
  compact({
    'flannel-backend': backend,
    'disable-network-policy': policies ? undefined : true,
    'disable-kube-proxy': kubeProxy ? undefined : true,
  });

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

/** Address of the cluster’s DNS Service: what the spec says, else the tenth of the range of Services. */
export const clusterDns = (cluster: Cluster): string => {
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
const criticalSettings = (cluster: Cluster, k3s: K3sNetwork) => {
  const { network } = cluster.spec;
  return {
    'cluster-cidr': network.pods,
    'service-cidr': network.services,
    'cluster-dns': clusterDns(cluster),
    'cluster-domain': network.domain,
    'flannel-backend': undefined,
    'disable-network-policy': undefined,
    'disable-kube-proxy': undefined,
    ...networkKeys(k3s),
    disable: disabled(cluster),
  };
};

const nodeSettings = (cluster: Cluster, host: ClusterHost, iface: string | undefined) => ({
  'node-name': host.name,
  'node-ip': host.address,
  'flannel-iface': installerOf(cluster.spec.network) === 'flannel/k3s' ? iface : undefined,
});

/**
 * Settings of a server: pure in the spec, the interface that facts show, how the server comes in, and what K3s does about the
 * network until that is changed on all servers at once; default: what the spec wants.
 */
export const serverSettings = (
  cluster: Cluster,
  host: ClusterHost,
  given: { readonly origin: ServerOrigin; readonly iface?: string; readonly network?: K3sNetwork },
): K3sSettings => {
  const { distribution, network, monitoring } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('settings of K3s for another distribution');
  return compact({
    // Prometheus looks at every member; without it etcd's figures stay on the server itself.
    'etcd-expose-metrics': monitoring.enabled ? true : undefined,
    ...(distribution.config as K3sSettings),
    ...(given.origin.kind === 'found' ? { 'cluster-init': true } : { server: given.origin.url }),
    'token-file': SERVER_TOKEN_FILE,
    'agent-token-file': AGENT_TOKEN_FILE,
    ...nodeSettings(cluster, host, given.iface),
    ...criticalSettings(cluster, given.network ?? askedNetwork(cluster)),
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
