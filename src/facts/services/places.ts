import { type HealthQuestion, questionOf } from '../../spec/balancers.js';
import type { Cluster } from '../../spec/cluster.js';
import { type ExternalService, serviceAddress, serviceHosts } from '../../spec/service-address.js';
import { VAULT_HEALTH, vaultService } from '../../spec/vault.js';
import type { AskScript, AskTls } from './ask-script.js';

/** One place where a service outside the cluster is called. */
export interface ServicePlace {
  readonly id: string;
  readonly service: ExternalService;
  /** Address or DNS name. */
  readonly host: string;
  /** `postgres`, or `minio on minio-02` where there is no balancer before several hosts. */
  readonly label: string;
  readonly question: HealthQuestion;
}

type Place = Pick<ServicePlace, 'host' | 'label'>;

/** The one address in front, or every host where nothing is in front. */
const calledAt = (
  cluster: Cluster,
  service: ExternalService,
  absent: readonly string[],
): readonly Place[] => {
  const { name: label, hosts, endpoint, loadBalancer } = service;
  if (endpoint === undefined && loadBalancer === undefined)
    return cluster.hosts
      .filter(({ name }) => hosts.includes(name) && !absent.includes(name))
      .map(({ name, address: host }) => ({ host, label: hosts.length > 1 ? `${label} on ${name}` : label }));
  const host = serviceAddress(cluster, service);
  const isAbsent = serviceHosts(cluster, service).some((name) => absent.includes(name));
  return host === undefined || isAbsent ? [] : [{ host, label }];
};

/** Services outside that the spec tells of, its Vault among them, with what they are asked. */
const servicesOf = (
  cluster: Cluster,
): readonly { readonly service: ExternalService; readonly question: HealthQuestion }[] => {
  const vault = vaultService(cluster);
  const all = vault === undefined ? cluster.spec.externalServices : [...cluster.spec.externalServices, vault];
  return all.map((service) => {
    const question = questionOf(service, service.health, service.port);
    return { service, question: service === vault ? { ...question, means: VAULT_HEALTH } : question };
  });
};

/** Every place where a service outside is called, as far as this realm has it. Pure. */
export const servicePlaces = (cluster: Cluster, absent: readonly string[]): readonly ServicePlace[] =>
  servicesOf(cluster)
    .flatMap(({ service, question }) =>
      calledAt(cluster, service, absent).map((place) => ({ ...place, service, question })),
    )
    .map((place, at) => ({ ...place, id: `service-${at}` }));

/** A service that cannot be asked, because the lab has no such host. */
export interface AbsentService {
  readonly service: string;
  /** The first of its hosts that is missing. */
  readonly host: string;
}

/** Services of which a lab has no host at all. Pure. */
export const absentServices = (cluster: Cluster, absent: readonly string[]): readonly AbsentService[] =>
  servicesOf(cluster).flatMap(({ service }) => {
    if (calledAt(cluster, service, absent).length > 0) return [];
    const behind = service.loadBalancer === undefined ? service.hosts : serviceHosts(cluster, service);
    return [{ service: service.name, host: behind.find((name) => absent.includes(name)) ?? service.name }];
  });

/** A DNS name, not an address. */
export const isName = (host: string): boolean => /[a-z]/i.test(host) && !host.includes(':');

const START_TLS: Readonly<Record<string, AskTls['startTls']>> = {
  postgresql: 'postgres',
  mariadb: 'mysql',
  proxysql: 'mysql',
};

const tlsAsk = ({ id, host, service, question }: ServicePlace): AskTls => {
  const startTls = START_TLS[service.kind];
  return {
    id: `${id}.tls`,
    host,
    port: service.port,
    timeoutMs: question.timeoutMs,
    ...(startTls === undefined ? {} : { startTls }),
    ...(service.ca === undefined ? {} : { ca: service.ca }),
  };
};

/** What every node asks; the script of pods takes the first part of it. Pure. */
export const servicesScript = (places: readonly ServicePlace[]): Required<AskScript> => ({
  asks: places,
  tls: places.filter(({ service }) => service.tls).map(tlsAsk),
  names: places.filter(({ host }) => isName(host)).map(({ id, host }) => ({ id: `${id}.name`, name: host })),
});
