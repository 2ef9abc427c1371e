import type { Cluster } from './cluster.js';

export type ExternalService = Cluster['spec']['externalServices'][number];

/**
 * Where applications call an external service: its endpoint, the balancer in front of it, or its first host; an address
 * or a DNS name. Undefined = the spec does not say, which a rule refuses.
 */
export const serviceAddress = (
  { spec, hosts }: Pick<Cluster, 'spec' | 'hosts'>,
  service: ExternalService,
): string | undefined => {
  const addressOf = (name: string | undefined): string | undefined =>
    hosts.find((host) => host.name === name)?.address;
  if (service.endpoint !== undefined) return service.endpoint;
  const balancer = spec.loadBalancers.find(({ name }) => name === service.loadBalancer);
  return balancer === undefined
    ? addressOf(service.hosts[0])
    : (balancer.address ?? addressOf(balancer.host) ?? balancer.publicAddress);
};

/** Hosts of the spec that must be there for a service to answer: its balancer's, or those that it runs on. */
export const serviceHosts = (
  { spec }: Pick<Cluster, 'spec'>,
  service: ExternalService,
): readonly string[] => {
  const balancer = spec.loadBalancers.find(({ name }) => name === service.loadBalancer);
  if (service.endpoint !== undefined) return [];
  return balancer?.host === undefined ? service.hosts.slice(0, 1) : [balancer.host];
};

/** Namespaces that get a Service of its name: as the spec says, or those of the applications that need it; and of its exporter. */
export const serviceNamespaces = (
  { applications, monitoring }: Pick<Cluster['spec'], 'applications' | 'monitoring'>,
  service: ExternalService,
): readonly string[] => {
  const needing = applications.filter(({ enabled, needs }) => enabled && needs.includes(service.name));
  const asked =
    service.namespaces.length > 0 ? service.namespaces : needing.map(({ namespace }) => namespace);
  const watched = monitoring.enabled && monitoring.exporters.some((each) => each.service === service.name);
  return [...new Set([...asked, ...(watched ? [monitoring.namespace] : [])])].sort();
};
