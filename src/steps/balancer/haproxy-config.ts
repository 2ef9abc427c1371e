import {
  backendsOf,
  balancerAddress,
  type HealthQuestion,
  haproxyQuestion,
  type Listener,
  type LoadBalancer,
  serviceBehind,
} from '../../spec/balancers.js';
import type { Cluster } from '../../spec/cluster.js';

type View = Pick<Cluster, 'spec' | 'hosts'>;

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/**
 * Everything is passed on unread (layer 4): TLS ends where it ended before. Connections of databases and watches of
 * Kubernetes are quiet for long, so keep-alives find dead peers and nothing is cut within the hour. The admin socket is for
 * root alone; reloads hand the open listeners over it, so that no connection is refused meanwhile.
 */
const HEAD = `global
    log stdout format raw local0 notice
    user haproxy
    group haproxy
    chroot /var/lib/haproxy
    stats socket /run/haproxy/admin.sock mode 600 level admin expose-fd listeners

defaults
    mode tcp
    log global
    balance leastconn
    option redispatch 1
    option clitcpka
    option srvtcpka
    retries 3
    timeout connect 3s
    timeout queue 30s
    timeout client 1h
    timeout server 1h
    timeout client-fin 30s
    timeout server-fin 30s`;

/** Bytes as HAProxy writes them: a request for TLS, which no server refuses unread, and AMQP 0-9-1's header. */
const SSL_REQUEST = '0000000804D2162F';
const AMQP_HEADER = '414D515000000901';

/** A master says so to everybody; one that wants a password says nothing more than that. */
const redisLines = (hasPassword: boolean): readonly string[] =>
  hasPassword
    ? [
        '# It asks for a password, which may not stand here: any Redis that answers counts as healthy, also a replica.',
        'option tcp-check',
        'tcp-check send PING\\r\\n',
        'tcp-check expect rstring ^(\\+PONG|-NOAUTH)',
      ]
    : [
        'option tcp-check',
        'tcp-check send PING\\r\\n',
        'tcp-check expect string +PONG',
        'tcp-check send info\\ replication\\r\\n',
        'tcp-check expect string role:master',
        'tcp-check send QUIT\\r\\n',
      ];

/** Who is the primary is told to those alone who log in, or by what watches over the servers. */
const POSTGRES_NOTE =
  '# A replica answers like its primary. Patroni tells them apart: health: { protocol: http, port: 8008, path: /primary }';

interface Behind {
  readonly hasPassword: boolean;
  readonly backends: number;
}

const checkLines = (question: HealthQuestion, { hasPassword, backends }: Behind): readonly string[] => {
  switch (question.ask) {
    case 'connect':
      return [];
    case 'http':
    case 'https':
      return [
        'option httpchk',
        `http-check send meth GET uri ${question.path}`,
        `http-check expect status ${question.status.join(',')}`,
      ];
    case 'postgresql':
      return [
        ...(backends > 1 ? [POSTGRES_NOTE] : []),
        'option tcp-check',
        `tcp-check send-binary ${SSL_REQUEST}`,
        'tcp-check expect rbinary ^(53|4E)',
      ];
    case 'redis':
      return redisLines(hasPassword);
    case 'rabbitmq':
      return ['option tcp-check', `tcp-check send-binary ${AMQP_HEADER}`, 'tcp-check expect rbinary ^01'];
    case 'mysql':
      return [
        '# Checks do not log in: raise max_connect_errors of the servers, or they shut this address out one day.',
        'option tcp-check',
        'tcp-check expect rbinary ^[0-9A-F]{6}000A',
      ];
  }
};

const serverLine = (name: string, address: string, listener: Listener, question: HealthQuestion): string => {
  const port = listener.targetPort ?? listener.port;
  const options = [
    'check',
    ...(question.port === port ? [] : [`port ${question.port}`]),
    ...(question.ask === 'https' ? ['check-ssl verify none'] : []),
    ...(listener.proxyProtocol ? ['send-proxy-v2'] : []),
  ];
  return `server ${name} ${bracketed(address)}:${port} ${options.join(' ')}`;
};

const section = (view: View, balancer: LoadBalancer, listener: Listener): string => {
  const question = haproxyQuestion(view, balancer, listener);
  const { interval, retries } = listener.health;
  const hasPassword = serviceBehind(view, balancer, listener)?.credentials?.password !== undefined;
  const backends = backendsOf(view, listener);
  const lines = [
    `bind ${bracketed(balancerAddress(view, balancer) ?? '*')}:${listener.port}`,
    `timeout check ${question.timeoutMs}ms`,
    ...checkLines(question, { hasPassword, backends: backends.length }),
    // A first failure is looked into at once, and a server that connections fail on is left out before the next check.
    `default-server inter ${interval} fastinter 1s downinter 5s fall ${retries} rise 2 observe layer4 error-limit 3 on-error mark-down on-marked-down shutdown-sessions`,
    ...backends.map(({ name, address }) => serverLine(name, address, listener, question)),
  ];
  return [`listen ${listener.name}`, ...lines.map((line) => `    ${line}`)].join('\n');
};

/** The whole configuration of HAProxy for one load balancer of the spec. Pure; holds no secret. */
export const haproxyConfig = (view: View, balancer: LoadBalancer): string =>
  [
    `# Written by Drover for the load balancer ${balancer.name}: change the spec, not this file.`,
    HEAD,
    '',
    balancer.listeners.map((listener) => section(view, balancer, listener)).join('\n\n'),
    '',
  ].join('\n');
