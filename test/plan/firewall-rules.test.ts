import { describe, expect, it } from 'vitest';
import { firewallRules } from '../../src/plan/firewall-rules.js';
import { clusterOf, type SpecChange } from '../diagnosis/fixtures/cluster.js';

const shown = (change: SpecChange, role: 'server' | 'agent' = 'server'): string[] => {
  const cluster = clusterOf(
    { hosts: 3, servers: 2 },
    { spec: { ingress: { controller: 'none' } }, ...change },
  );
  const host = cluster.hosts.find((each) => each.role === role);
  if (host === undefined) throw new Error('no host');
  return firewallRules(cluster, host).map(
    ({ direction, protocol, ports, from, to }) =>
      `${direction} ${protocol} ${ports.join(',') || '*'} ${from} → ${to}`,
  );
};

describe('firewallRules', () => {
  it('opens to each node what it needs, to pods and Services everything, and nothing else', () => {
    expect(shown({})).toMatchInlineSnapshot(`
      [
        "in tcp 2379:2380,6443,10250 10.0.0.10 → any",
        "in udp 8472 10.0.0.10 → any",
        "in tcp 2379:2380,6443,10250 10.0.0.11 → any",
        "in udp 8472 10.0.0.11 → any",
        "in tcp 6443,10250 10.0.0.12 → any",
        "in udp 8472 10.0.0.12 → any",
        "in any * 10.42.0.0/16 → any",
        "in any * 10.43.0.0/16 → any",
        "route any * 10.42.0.0/16 → any",
        "route any * any → 10.42.0.0/16",
        "in tcp 6443 10.0.0.0/16 → any",
      ]
    `);
    expect(shown({}, 'agent')).toMatchInlineSnapshot(`
      [
        "in tcp 10250 10.0.0.10 → any",
        "in udp 8472 10.0.0.10 → any",
        "in tcp 10250 10.0.0.11 → any",
        "in udp 8472 10.0.0.11 → any",
        "in tcp 10250 10.0.0.12 → any",
        "in udp 8472 10.0.0.12 → any",
        "in any * 10.42.0.0/16 → any",
        "in any * 10.43.0.0/16 → any",
        "route any * 10.42.0.0/16 → any",
        "route any * any → 10.42.0.0/16",
      ]
    `);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['the tunnel’s own port', { cni: { name: 'flannel', port: 4444 } }, 'in udp 4444 10.0.0.11 → any'],
    ['WireGuard', { cni: { name: 'flannel', mode: 'wireguard' } }, 'in udp 51820 10.0.0.11 → any'],
    ['Calico’s VXLAN', { cni: { name: 'calico', mode: 'vxlan' } }, 'in udp 4789 10.0.0.11 → any'],
    ['IPIP by everything', { cni: { name: 'calico', mode: 'ipip' } }, 'in any * 10.0.0.11 → any'],
    ['Cilium’s health', { cni: { name: 'cilium' } }, 'in tcp 2379:2380,4240,4244,6443,10250 10.0.0.11 → any'],
  ])('knows %s', (_, network, expected) => {
    expect(shown({ network })).toContain(expected);
  });

  it('opens ingress to everybody and health checks to load balancers', () => {
    const spec = {
      ingress: { controller: 'traefik' },
      loadBalancers: [
        {
          name: 'lb',
          scope: 'public',
          address: '10.9.0.5',
          listeners: [{ name: 'http', port: 80, backends: 'agents' }],
        },
      ],
    };
    expect(shown({ spec })).toEqual(
      expect.arrayContaining([
        'in tcp 80,443 any → any',
        'in tcp 10254 10.0.0.0/16 → any',
        'in tcp 10254 10.9.0.5 → any',
        'in tcp 6443 10.9.0.5 → any',
      ]),
    );
  });

  it('opens the figures of nodes and of etcd to nodes where they are watched', () => {
    const figures = (monitoring: object): string | undefined =>
      shown({ spec: { ingress: { controller: 'none' }, monitoring } }).find((rule) =>
        rule.includes('10.0.0.12 →'),
      );
    expect(figures({ enabled: true })).toBe('in tcp 2381,6443,9100,10250 10.0.0.12 → any');
    expect(figures({ enabled: true, nodeExporter: { port: 9101 } })).toContain(',9101,');
  });

  it('adds what the user allows, on the hosts that the user names', () => {
    const allow = [
      { port: '30000-32767', from: ['192.0.2.0/24'], hosts: 'agents' },
      { protocol: 'udp', port: 53 },
    ];
    const spec = { ingress: { controller: 'none' }, preparation: { firewall: { kind: 'ufw', allow } } };
    expect(shown({ spec }, 'agent')).toContain('in tcp 30000:32767 192.0.2.0/24 → any');
    expect(shown({ spec })).not.toContain('in tcp 30000:32767 192.0.2.0/24 → any');
    expect(shown({ spec })).toContain('in udp 53 any → any');
  });

  it('opens the ports of both networks while one stands beside the other', () => {
    const cluster = clusterOf({ hosts: 3, servers: 2 });
    const beside = (cni: Record<string, unknown>): string[] => {
      const also = [clusterOf({ hosts: 3, servers: 2 }, { network: { cni } }).spec.network];
      const [host] = cluster.hosts;
      if (host === undefined) throw new Error('no host');
      return firewallRules(cluster, host, also)
        .filter(({ from }) => from === '10.0.0.11')
        .map(({ protocol, ports }) => `${protocol} ${ports.join(',') || '*'}`);
    };
    expect(beside({ name: 'lab' })).toContain('udp 4789,8472');
    expect(beside({ name: 'cilium', port: 8473 })).toEqual([
      'tcp 2379:2380,4240,4244,6443,10250',
      'udp 8472,8473',
    ]);
    expect(beside({ name: 'calico', by: 'operator' })[0]).toContain('5473');
    expect(beside({ name: 'calico', mode: 'none' })[0]).toContain('tcp 179,');
    expect(beside({ name: 'calico', mode: 'ipip' })).toEqual(['any *']);
  });
});
