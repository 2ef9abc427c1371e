import { describe, expect, it } from 'vitest';
import { networkChange } from '../../../src/diagnosis/change/ways.js';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { clusterOf } from '../fixtures/cluster.js';
import { all, cells, type Edit, install, M1, set, settings } from '../fixtures/edit.js';
import { healthyFacts } from '../fixtures/healthy.js';

const SHAPE = { hosts: 5, servers: 3 };

const change = (network: Record<string, unknown>, edits: readonly Edit[] = [], routed = false) => {
  const facts = healthyFacts({ ...SHAPE, routed });
  for (const edit of [all((host) => install(host)), ...edits]) edit(facts);
  return networkChange({ facts, cluster: clusterOf(SHAPE, { network }) });
};

const calico = (mode: string) => ({ cni: { name: 'calico', mode, version: 'v3.31.7' } });
const cilium = (mode: string, more: object = {}) => ({ cni: { name: 'cilium', mode, ...more } });
const way = (made: ReturnType<typeof change>, id: string) => made?.ways.find((one) => one.id === id);
const why = (made: ReturnType<typeof change>, id: string) => way(made, id)?.forbidden.map(({ text }) => text);

describe('the ways to another cluster network', () => {
  it('are none where it runs already, where nothing runs, and where the spec brings its own', () => {
    expect(change({})).toBeUndefined();
    expect(change({ cni: { name: 'none' } })).toBeUndefined();
    const facts = healthyFacts(SHAPE);
    expect(networkChange({ facts, cluster: clusterOf(SHAPE, { network: calico('vxlan') }) })).toBeUndefined();
  });

  it('from Flannel to Calico VXLAN are node by node and in place, at measured prices, on a pool of its own', () => {
    const made = change(calico('vxlan'));
    expect(made).toMatchObject({ from: 'Flannel VXLAN', to: 'Calico VXLAN' });
    expect(made?.ways.map(({ id }) => id)).toEqual(['node-by-node', 'in-place']);
    expect(way(made, 'node-by-node')).toMatchObject({ forbidden: [], price: { reboots: 'none' } });
    expect(way(made, 'node-by-node')?.price.interruption).toContain('median 3.4 s');
    expect(way(made, 'in-place')?.price.interruption).toContain('at most 7.9 s');
    expect(way(made, 'in-place')?.conditions[0]).toContain('10.42.128.0/17');
  });

  it('are forbidden by a firewall that knows no protocol 4, whichever way', () => {
    const made = change(calico('ipip'), [cells('protocol/4', '-')]);
    expect(made?.ways.map(({ id }) => id)).toEqual(['node-by-node', 'in-place']);
    for (const { forbidden } of made?.ways ?? [])
      expect(forbidden.map(({ text }) => text).join()).toContain('the network drops IP protocol 4');
  });

  it('are forbidden for direct routes on a routed network', () => {
    const made = change(cilium('native'), [], true);
    expect(why(made, 'in-place')?.join()).toContain('a gateway stands between the hosts');
    expect(made?.ways.some(({ id }) => id === 'rebuild')).toBe(false);
  });

  it('do not lie side by side on one UDP port, unless the new network gets another', () => {
    expect(why(change(cilium('tunnel')), 'node-by-node')?.join()).toContain('both need UDP 8472');
    expect(why(change(cilium('tunnel')), 'in-place')).toEqual([]);
    expect(why(change(cilium('tunnel', { port: 8473 })), 'node-by-node')).toEqual([]);
  });

  it('do not lie side by side under strict reverse path filtering: that is done first', () => {
    const strict = all((host) => set(host, 'sysctls', { 'net.ipv4.conf.all.rp_filter': '1' }));
    expect(way(change(calico('vxlan'), [strict]), 'node-by-node')?.conditions.join()).toContain(
      'rp_filter = 2',
    );
  });

  it('name what the new pool would take away, with both ranges, and then only rebuilding is left', () => {
    const taken: Edit = (facts) => {
      facts.kubernetes = {
        nodes: [{ name: M1, podRange: '10.42.200.0/24' }],
        workloads: [],
      } as unknown as ClusterFacts;
    };
    const made = change(calico('vxlan'), [taken]);
    expect(why(made, 'node-by-node')).toEqual([
      `the new pool 10.42.128.0/17 overlaps the range of ${M1}, 10.42.200.0/24`,
    ]);
    expect(made?.ways.map(({ id }) => id)).toEqual(['node-by-node', 'in-place', 'rebuild']);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['the node network', { nodes: '10.42.192.0/24' }, 'overlaps the node network 10.42.192.0/24'],
    ['Services', { services: '10.42.240.0/20' }, 'overlaps the Services 10.42.240.0/20'],
    [
      'the provider network',
      { provider: { kind: 'hetzner-cloud', range: '10.32.0.0/11' } },
      'overlaps the provider network 10.32.0.0/11',
    ],
  ])('name what the new pool would take away from %s', (_, network, text) => {
    for (const id of ['node-by-node', 'in-place'])
      expect(why(change({ ...calico('vxlan'), ...network }), id)?.join()).toContain(
        `the new pool 10.42.128.0/17 ${text}`,
      );
  });

  it('do not put pods where those of the former network live', () => {
    const labnet: Edit = (facts) => {
      const agents = { kind: 'DaemonSet', namespace: 'lab-network', name: 'labnet', wanted: 5, ready: 5 };
      facts.kubernetes = {
        nodes: [],
        workloads: [{ ...agents, pool: '10.42.128.0/17' }],
      } as unknown as ClusterFacts;
      const off = settings({ 'flannel-backend': 'none' });
      for (const host of facts.hosts)
        for (const one of host.sections.kubernetes?.value?.installs ?? [])
          if (one.role === 'server') one.settings = off;
    };
    const made = change(calico('vxlan'), [labnet]);
    expect(made?.from).toBe('Lab network VXLAN');
    expect(why(made, 'in-place')).toEqual([
      'the new pool 10.42.128.0/17 overlaps the pool of labnet of the lab, 10.42.128.0/17',
    ]);
  });

  it('tell what packets fit into both networks, and refuse larger ones with the number', () => {
    expect(way(change(calico('ipip')), 'node-by-node')?.conditions).toContain(
      'pods send at most 1450 bytes while both networks live',
    );
    const large = { cni: { name: 'calico', mode: 'ipip', version: 'v3.31.7', mtu: 1480 } };
    expect(why(change(large), 'node-by-node')?.join()).toContain(
      'spec.network.cni.mtu is 1480, and while both networks live pods can send 1450 bytes',
    );
    expect(why(change(large), 'in-place')).toEqual([]);
  });

  it('are forbidden for host routes of Flannel on a routed network', () => {
    const made = change({ cni: { name: 'flannel', mode: 'host-gw' } }, [], true);
    expect(why(made, 'backend')?.join()).toContain('a gateway stands between the hosts');
  });

  it('of direct routes are open where the provider keeps a route for each of at most a hundred nodes', () => {
    const provider = { kind: 'hetzner-cloud', routes: true };
    const routed = (hosts: number) => {
      const facts = healthyFacts({ hosts, servers: 3, routed: true });
      all((host) => install(host))(facts);
      const network = { ...calico('none'), provider };
      return networkChange({ facts, cluster: clusterOf({ hosts, servers: 3 }, { network }) });
    };
    expect(why(routed(5), 'node-by-node')?.join()).not.toContain('gateway');
    expect(why(routed(101), 'node-by-node')?.join()).toContain(
      'at most 100 routes in a network, and 101 nodes need one each',
    );
  });

  describe('back to Flannel', () => {
    /** The lab’s network carries pods, out of its pool, on a cluster whose K3s brings none. */
    const living =
      (pool: string | undefined, more: Record<string, string> = {}): Edit =>
      (facts) => {
        const off = settings({ 'flannel-backend': 'none', ...more });
        for (const host of facts.hosts)
          for (const one of host.sections.kubernetes?.value?.installs ?? [])
            if (one.role === 'server') one.settings = off;
        facts.kubernetes = {
          nodes: facts.hosts.map(({ name }, at) => ({ name, podRange: `10.42.${at}.0/24` })),
          workloads: [
            {
              kind: 'DaemonSet',
              namespace: 'lab-network',
              name: 'labnet',
              wanted: 5,
              ready: 5,
              ...(pool === undefined ? {} : { pool }),
            },
          ],
        } as unknown as ClusterFacts;
      };

    it('are node by node and in place, on the ranges of the nodes', () => {
      const made = change({}, [living('10.42.128.0/17')]);
      expect(made).toMatchObject({ from: 'Lab network VXLAN', to: 'Flannel VXLAN' });
      expect(made?.ways.map(({ id, forbidden }) => [id, forbidden])).toEqual([
        ['node-by-node', []],
        ['in-place', []],
      ]);
      expect(way(made, 'node-by-node')?.conditions).toContain(
        'pods get addresses out of 10.42.0.0/21, the ranges of the nodes',
      );
    });

    it('are forbidden where pods of the former network have addresses of those ranges, with numbers', () => {
      const made = change({}, [living('10.42.0.0/16')]);
      expect(made?.ways.map(({ id }) => id)).toEqual(['node-by-node', 'in-place', 'rebuild']);
      expect(why(made, 'in-place')?.[0]).toBe(
        `the pool 10.42.0.0/16 of labnet of the lab lies over 10.42.0.0/24, from which pods on ${M1} would get addresses`,
      );
    });

    it('are forbidden where somebody else has put the former network there', () => {
      expect(why(change({}, [living(undefined)]), 'node-by-node')?.join()).toContain(
        'not put there by Drover',
      );
    });

    it('are forbidden while nothing but the former network programs Services', () => {
      const proxy = living('10.42.128.0/17', { 'disable-kube-proxy': 'true' });
      expect(why(change({}, [proxy]), 'in-place')?.join()).toContain('bring kube-proxy back first');
    });

    it('are forbidden while a device of the former network has Flannel’s port', () => {
      const device = { name: 'labnet.1', mtu: 1450, up: true, addresses: [], vxlan: { id: 1, port: 8472 } };
      const held = all((host) => set(host, 'links', [device] as never));
      expect(why(change({}, [living('10.42.128.0/17'), held]), 'node-by-node')).toEqual([
        'labnet.1 holds UDP 8472, which Flannel VXLAN needs',
      ]);
    });
  });

  it('between back ends of Flannel are one: all servers at once', () => {
    const made = change({ cni: { name: 'flannel', mode: 'host-gw' } });
    expect(made?.ways.map(({ id }) => id)).toEqual(['backend']);
    const back = settings({ 'flannel-backend': 'host-gw' });
    const same = change({ cni: { name: 'flannel', mode: 'host-gw' } }, [
      (facts) => {
        for (const host of facts.hosts)
          for (const one of host.sections.kubernetes?.value?.installs ?? [])
            if (one.role === 'server') one.settings = back;
      },
    ]);
    expect(same).toBeUndefined();
  });
});
