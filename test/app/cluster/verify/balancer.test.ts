import { expect, it } from 'vitest';
import { balancerOf } from '../../../../src/app/cluster/verify/balancer.js';
import type { Cluster } from '../../../../src/spec/cluster.js';

const HOSTS = [
  { name: 'server-1', address: '10.0.0.100', role: 'server' },
  { name: 'lb-haproxy', address: '10.0.0.10', role: 'external' },
];
const BALANCER = {
  name: 'lb-internal',
  scope: 'internal',
  host: 'lb-haproxy',
  listeners: [
    { name: 'db', port: 5432, backends: ['db-1'] },
    { name: 'api', port: 7443, targetPort: 6443, backends: 'servers' },
  ],
};

const cluster = (endpoint: string | undefined, loadBalancers: readonly object[]): Cluster =>
  ({ hosts: HOSTS, spec: { api: { endpoint, port: 6443 }, loadBalancers } }) as unknown as Cluster;

it('is the internal balancer that listens for servers, at its host’s address', () => {
  const found = { name: 'lb-internal', address: '10.0.0.10', port: 7443, host: 'lb-haproxy' };
  expect(balancerOf(cluster('10.0.0.10', [BALANCER]))).toMatchObject(found);
  expect(balancerOf(cluster(undefined, [BALANCER]))).toMatchObject(found);
});

it('is the endpoint itself when the spec tells no balancer for it', () => {
  expect(balancerOf(cluster('api.example', []))).toMatchObject({
    name: 'api.example',
    address: 'api.example',
    port: 6443,
    host: undefined,
  });
  expect(balancerOf(cluster('10.0.0.10', []))).toMatchObject({ name: 'lb-haproxy', host: 'lb-haproxy' });
});

it('is nothing where users call a server, or only public balancers stand before the cluster', () => {
  expect(balancerOf(cluster(undefined, []))).toBeUndefined();
  expect(balancerOf(cluster('10.0.0.100', []))).toBeUndefined();
  expect(balancerOf(cluster(undefined, [{ ...BALANCER, scope: 'public' }]))).toBeUndefined();
});
