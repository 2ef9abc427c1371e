/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- drafts of specs have no type */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/spec/cluster.js';
import { haproxyConfig } from '../../../src/steps/balancer/haproxy-config.js';
import { type Loose, load, specWith } from '../../spec/rig.js';

const loaded = async (edit: (spec: Loose) => void): Promise<Cluster> => {
  const outcome = await load(specWith(edit));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.value;
};

const behind = { backends: ['db'] };
const listeners = [
  { name: 'api', port: 6443, backends: 'servers', health: { interval: '2s', timeout: '1s' } },
  {
    name: 'web',
    port: 443,
    backends: 'agents',
    proxyProtocol: true,
    health: { protocol: 'http', port: 10254, path: '/healthz' },
  },
  { name: 'postgres', port: 5432, ...behind },
  { name: 'redis', port: 6379, ...behind },
  { name: 'cache', port: 6380, targetPort: 6379, ...behind },
  { name: 'rabbitmq', port: 5672, ...behind },
  { name: 'mariadb', port: 3306, ...behind },
  { name: 'objects', port: 9000, ...behind },
  { name: 'other', port: 7000, ...behind },
];
const service = (name: string, kind: string, port: number, more: object = {}): object => ({
  name,
  kind,
  port,
  loadBalancer: 'lb',
  ...more,
});
const password = { credentials: { password: { secret: 'redis', key: 'password' } } };
const spec = (s: Loose): void => {
  s.hosts.push({ name: 'lb', address: '10.0.0.10', role: 'external' });
  s.secrets = { declared: [{ name: 'redis', keys: ['password'] }] };
  s.loadBalancers = [{ name: 'lb', scope: 'internal', provider: 'haproxy', host: 'lb', listeners }];
  s.externalServices = [
    service('postgres', 'postgresql', 5432),
    service('redis', 'redis', 6379, password),
    service('cache', 'redis', 6380),
    service('rabbitmq', 'rabbitmq', 5672),
    service('mariadb', 'mariadb', 3306),
    service('objects', 'minio', 9000),
  ];
};

describe('the configuration of HAProxy', () => {
  it('asks each kind of backend in its own words, without logging in', async () => {
    const cluster = await loaded(spec);
    const [balancer] = cluster.spec.loadBalancers;
    if (balancer === undefined) throw new Error('no balancer');
    expect(haproxyConfig(cluster, balancer)).toMatchSnapshot();
  });

  it('writes IPv6 addresses in brackets', async () => {
    const cluster = await loaded((s) => {
      s.loadBalancers = [
        {
          name: 'lb',
          scope: 'internal',
          provider: 'haproxy',
          address: 'fd00::10',
          listeners: [{ name: 'api', port: 6443, backends: 'servers' }],
        },
      ];
    });
    const [balancer] = cluster.spec.loadBalancers;
    if (balancer === undefined) throw new Error('no balancer');
    expect(haproxyConfig(cluster, balancer)).toContain('bind [fd00::10]:6443');
  });
});
