import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../src/facts/model/host-facts.js';
import type { Link } from '../../src/facts/model/network.js';
import { candidateNetworks } from '../../src/facts/networks.js';

const at = '2026-01-01T00:00:00.000Z';

const link = (name: string, address: string, over: Partial<Link> = {}): Link => {
  const [ip = '', prefix] = address.split('/');
  return {
    name,
    mtu: 1500,
    up: true,
    addresses: [{ address: ip, prefix: Number(prefix), family: 'inet', scope: 'global' }],
    ...over,
  };
};

const host = (name: string, links: readonly Link[], routes: readonly [string, string][] = []): HostFacts => ({
  name,
  address: links[0]?.addresses[0]?.address ?? '',
  role: 'server',
  contact: { state: 'reached', connectMs: 1 },
  sections: {
    links: { at, value: [...links] },
    routes: {
      at,
      value: {
        rules: [],
        routes: routes.map(([destination, device]) => ({
          destination,
          device,
          table: 'main',
          type: 'unicast',
          onlink: false,
        })),
      },
    },
  },
});

describe('candidate networks', () => {
  it('are the ranges that two hosts share, the wanted one first', () => {
    const found = candidateNetworks(
      [
        host('a', [link('eth0', '192.168.1.1/24'), link('eth1', '10.0.0.1/24', { mtu: 1450 })]),
        host('b', [link('eth0', '192.168.1.2/24'), link('ens7', '10.0.0.2/24', { mtu: 1450 })]),
        host('c', [link('eth0', '172.16.0.9/24')]),
      ],
      { nodes: '10.0.0.0/24' },
    );
    expect(found).toEqual([
      {
        cidr: '10.0.0.0/24',
        wanted: true,
        members: {
          a: { interface: 'eth1', address: '10.0.0.1', mtu: 1450 },
          b: { interface: 'ens7', address: '10.0.0.2', mtu: 1450 },
        },
      },
      {
        cidr: '192.168.1.0/24',
        wanted: false,
        members: {
          a: { interface: 'eth0', address: '192.168.1.1', mtu: 1500 },
          b: { interface: 'eth0', address: '192.168.1.2', mtu: 1500 },
        },
      },
    ]);
  });

  it('join /32 addresses by the route out of their own interface, with and without a spec', () => {
    const hosts = [1, 2].map((i) =>
      host(
        `h${i}`,
        [link('ens10', `10.0.0.${i}/32`)],
        [
          ['10.0.0.0/16', 'ens10'],
          ['10.0.0.1/32', 'ens10'],
          ['default', 'eth0'],
        ],
      ),
    );
    expect(candidateNetworks(hosts).map(({ cidr, wanted }) => ({ cidr, wanted }))).toEqual([
      { cidr: '10.0.0.0/16', wanted: false },
    ]);
    expect(candidateNetworks(hosts, { nodes: '10.0.0.0/24' }).map(({ cidr }) => cidr)).toEqual([
      '10.0.0.0/24',
    ]);
  });

  it('take public addresses that share no range together', () => {
    const found = candidateNetworks([
      host('a', [link('eth0', '203.0.114.7/32')]),
      host('b', [link('eth0', '198.51.101.9/24')]),
    ]);
    expect(found.map(({ cidr, members }) => [cidr, Object.keys(members)])).toEqual([
      ['0.0.0.0/0', ['a', 'b']],
    ]);
  });

  it('leave out what clusters and container engines made, and links that are down', () => {
    const made = [
      link('cni0', '10.42.0.1/24', { kind: 'bridge' }),
      link('docker0', '172.17.0.1/16', { kind: 'bridge' }),
      link('flannel.1', '10.42.0.0/32', { kind: 'vxlan' }),
      link('eth9', '10.9.0.1/24', { up: false }),
    ];
    expect(candidateNetworks([host('a', made), host('b', made)])).toEqual([]);
  });

  it('keep bridges and bonds of the host itself', () => {
    const found = candidateNetworks([
      host('a', [link('br0', '10.1.0.1/24', { kind: 'bridge' })]),
      host('b', [link('bond0', '10.1.0.2/24', { kind: 'bond' })]),
    ]);
    expect(found.map(({ cidr }) => cidr)).toEqual(['10.1.0.0/24']);
  });

  it('prefer the address that Drover used where an interface has several', () => {
    const two = link('eth0', '10.0.0.5/24');
    const a = host('a', [
      {
        ...two,
        addresses: [{ address: '10.0.0.99', prefix: 24, family: 'inet', scope: 'global' }, ...two.addresses],
      },
    ]);
    const found = candidateNetworks([
      { ...a, address: '10.0.0.5' },
      host('b', [link('eth0', '10.0.0.6/24')]),
    ]);
    expect(found[0]?.members['a']?.address).toBe('10.0.0.5');
  });
});
