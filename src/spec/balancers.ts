import { parseDuration } from '../core/duration.js';
import type { Cluster, ClusterHost } from './cluster.js';

export type LoadBalancer = Cluster['spec']['loadBalancers'][number];
export type Listener = LoadBalancer['listeners'][number];
type Health = Listener['health'];
type View = Pick<Cluster, 'spec' | 'hosts'>;

/** Protocols in which a service shows what it is before anybody logs in. */
export type Greeting = 'postgresql' | 'redis' | 'rabbitmq' | 'mysql';

/** What a backend is asked, and what it has to answer. */
export type HealthQuestion = (
  | { readonly ask: 'connect' | Greeting }
  | { readonly ask: 'http' | 'https'; readonly path: string; readonly status: readonly number[] }
) & {
  readonly port: number;
  readonly timeoutMs: number;
  /** What statuses of HTTP mean there, where they have a meaning of their own. */
  readonly means?: Readonly<Record<number, string>>;
};

/** Where a load balancer listens on the node network. */
export const balancerAddress = (
  { hosts }: Pick<Cluster, 'hosts'>,
  { address, host }: LoadBalancer,
): string | undefined => address ?? hosts.find(({ name }) => name === host)?.address;

/** The hosts behind a listener, in the order of the spec. */
export const backendsOf = (
  { hosts }: Pick<Cluster, 'hosts'>,
  { backends }: Listener,
): readonly ClusterHost[] => {
  if (typeof backends !== 'string') return hosts.filter(({ name }) => backends.includes(name));
  return hosts.filter(
    ({ role }) =>
      (role === 'server' && backends !== 'agents') || (role === 'agent' && backends !== 'servers'),
  );
};

/** The outside service that is called through a listener. */
export const serviceBehind = (
  { spec }: Pick<Cluster, 'spec'>,
  balancer: LoadBalancer,
  { port }: Listener,
): Cluster['spec']['externalServices'][number] | undefined =>
  spec.externalServices.find(
    ({ loadBalancer, port: called }) => loadBalancer === balancer.name && called === port,
  );

const GREETINGS: Readonly<Record<string, Greeting>> = {
  postgresql: 'postgresql',
  redis: 'redis',
  rabbitmq: 'rabbitmq',
  mariadb: 'mysql',
  proxysql: 'mysql',
};

/** Answers of an API server to somebody without a name: it works, whatever it thinks of strangers. */
const API_STATUS = [200, 401, 403];

const DEFAULT_MS = 10_000;

const timeoutOf = ({ timeout }: Health): number => parseDuration(timeout) ?? DEFAULT_MS;

/** What a spec's own words about health ask; undefined = plain tcp, about which more may be known. */
const asWritten = (health: Health, served: number): HealthQuestion | undefined => {
  if (health.protocol === 'tcp') return undefined;
  const port = health.port ?? served;
  const { status, path = '/' } = health;
  return { ask: health.protocol, path, status, port, timeoutMs: timeoutOf(health) };
};

type Known = { readonly kind: string; readonly tls: boolean };

/** What a service of a kind is asked when nothing but tcp is said: its own greeting where it has one. */
export const questionOf = (known: Known, health: Health, served: number): HealthQuestion => {
  const written = asWritten(health, served);
  if (written !== undefined) return written;
  const place = { port: health.port ?? served, timeoutMs: timeoutOf(health) };
  const greeting = GREETINGS[known.kind];
  // PostgreSQL and MySQL begin in plain text and only then speak TLS; the others speak it from the first byte.
  if (greeting !== undefined && (!known.tls || greeting === 'postgresql' || greeting === 'mysql'))
    return { ask: greeting, ...place };
  if (known.kind === 'minio')
    return { ask: known.tls ? 'https' : 'http', path: '/minio/health/live', status: [200], ...place };
  return { ask: 'connect', ...place };
};

/** What HAProxy asks a backend: more than tcp where the protocol behind the listener is known. */
export const haproxyQuestion = (view: View, balancer: LoadBalancer, listener: Listener): HealthQuestion => {
  const { health, port, targetPort = port } = listener;
  const written = asWritten(health, targetPort);
  if (written !== undefined) return written;
  if (listener.backends === 'servers' && targetPort === view.spec.api.port)
    return {
      ask: 'https',
      path: '/readyz',
      status: API_STATUS,
      port: health.port ?? targetPort,
      timeoutMs: timeoutOf(health),
    };
  const service = serviceBehind(view, balancer, listener);
  return questionOf(service ?? { kind: 'other', tls: false }, health, targetPort);
};

/** What a balancer asks a backend: others than HAProxy know no more than what the spec says. */
export const listenerQuestion = (view: View, balancer: LoadBalancer, listener: Listener): HealthQuestion => {
  if (balancer.provider === 'haproxy') return haproxyQuestion(view, balancer, listener);
  const { health, port, targetPort = port } = listener;
  return (
    asWritten(health, targetPort) ?? {
      ask: 'connect',
      port: health.port ?? targetPort,
      timeoutMs: timeoutOf(health),
    }
  );
};

/** Load balancers that Drover itself configures, each on an external host of its own. */
export const managedBalancers = ({ spec }: Pick<Cluster, 'spec'>): readonly LoadBalancer[] =>
  spec.loadBalancers.filter(({ manage }) => manage);
