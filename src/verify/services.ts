import type { AskScript, AskTls, Told } from '../facts/services/ask-script.js';
import type { Verdict } from '../facts/services/dialogue.js';
import { judgeCertificate, judgeTold } from '../facts/services/judge.js';
import { type HealthQuestion, questionOf } from '../spec/balancers.js';
import type { Cluster } from '../spec/cluster.js';
import { type ExternalService, serviceAddress, serviceHosts } from '../spec/service-address.js';
import { type CheckResult, fail, passIf } from './check.js';

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

const ANSWERS = {
  check: 'service-answers',
  title: 'Services outside the cluster answer every node in their own words',
};
const FROM_POD = { check: 'service-from-pod', title: 'Services outside the cluster answer to pods' };
const TLS = {
  check: 'service-certificate',
  title: 'Certificates of services outside are trusted and last long enough',
};
const NAME = { check: 'service-name', title: 'Names of services outside are known on every node' };

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

/** Every place where a service outside is called, as far as this realm has it. Pure. */
export const servicePlaces = (cluster: Cluster, absent: readonly string[]): readonly ServicePlace[] =>
  cluster.spec.externalServices
    .flatMap((service) =>
      calledAt(cluster, service, absent).map((place) => ({
        ...place,
        service,
        question: questionOf(service, service.health, service.port),
      })),
    )
    .map((place, at) => ({ ...place, id: `service-${at}` }));

/** Services that cannot be asked because the lab has no such hosts. Pure. */
export const absentServices = (cluster: Cluster, absent: readonly string[]): readonly CheckResult[] =>
  cluster.spec.externalServices.flatMap((service) => {
    if (calledAt(cluster, service, absent).length > 0) return [];
    const behind = service.loadBalancer === undefined ? service.hosts : serviceHosts(cluster, service);
    const first = behind.find((host) => absent.includes(host)) ?? service.name;
    const detail = `the lab has no host ${first}; \`drover lab up --with ${first}\` makes one`;
    return [{ ...ANSWERS, status: 'not-applicable' as const, to: service.name, detail }];
  });

const isName = (host: string): boolean => /[a-z]/i.test(host) && !host.includes(':');

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

type Heard = ReadonlyMap<string, Told>;

/** PostgreSQL answers in plain text whether it speaks TLS: what the spec promises must be true. */
const verdictOf = ({ id, service, question }: ServicePlace, told: Heard): Verdict => {
  const verdict = judgeTold(question, told.get(id));
  return service.tls && verdict.detail === 'PostgreSQL, without TLS'
    ? { ok: false, detail: 'PostgreSQL, but without the TLS that the spec tells' }
    : verdict;
};

const certificateOf = (node: string, place: ServicePlace, told: Heard, now: number): CheckResult => {
  const verdict = judgeCertificate(told.get(`${place.id}.tls`), now);
  const part = { ...TLS, node, to: place.label };
  if (verdict !== undefined) return passIf(verdict.ok, { ...part, detail: verdict.detail });
  return { ...part, status: 'not-applicable', detail: 'openssl is not installed there' };
};

const nameOf = (node: string, place: ServicePlace, told: Heard): CheckResult => {
  const { status, text } = told.get(`${place.id}.name`) ?? { status: 1, text: '' };
  const known = status === 0 && text.trim() !== '';
  const detail = known ? `${place.host} is ${text.trim()}` : `${place.host} is not known`;
  return passIf(known, { ...NAME, node, to: place.label, detail });
};

/** Everything that one node heard about services outside. Pure. */
export const judgeFromNode = (
  node: string,
  places: readonly ServicePlace[],
  { told, now }: { readonly told: Heard; readonly now: number },
): readonly CheckResult[] =>
  places.flatMap((place) => {
    const verdict = verdictOf(place, told);
    return [
      ...(isName(place.host) ? [nameOf(node, place, told)] : []),
      passIf(verdict.ok, { ...ANSWERS, node, to: place.label, detail: verdict.detail }),
      ...(place.service.tls ? [certificateOf(node, place, told, now)] : []),
    ];
  });

/** A node that cannot ask proves nothing. Pure. */
export const cannotAsk = (
  node: string,
  places: readonly ServicePlace[],
  why: string,
): readonly CheckResult[] =>
  places.map(({ label }) => fail({ ...ANSWERS, node, to: label, detail: `the node could not ask: ${why}` }));

/** What a pod heard; `told` is empty when it could not ask. Pure. */
export const judgeFromPod = (
  places: readonly ServicePlace[],
  heard: { readonly told: Heard } | { readonly failure: string },
): readonly CheckResult[] =>
  places.map((place) => {
    const part = { ...FROM_POD, node: 'pod', to: place.label };
    if ('failure' in heard) return fail({ ...part, detail: heard.failure });
    const verdict = verdictOf(place, heard.told);
    return passIf(verdict.ok, { ...part, detail: verdict.detail });
  });
