import { describe, expect, it } from 'vitest';
import { networkChange } from '../../../src/diagnosis/change/ways.js';
import { clusterOf } from '../fixtures/cluster.js';
import { cells, type Edit } from '../fixtures/edit.js';
import { healthyFacts } from '../fixtures/healthy.js';
import { type OwnNetwork, ownNetwork } from '../fixtures/own-network.js';

const SHAPE = { hosts: 5, servers: 3 };
const CALICO: OwnNetwork = {
  agents: 'kube-system/calico-node',
  conf: '05-calico.conflist',
  carriage: 'vxlan',
  devices: ['vxlan.calico'],
};
const CILIUM: OwnNetwork = {
  agents: 'kube-system/cilium',
  conf: '05-cilium.conflist',
  carriage: 'tunnel',
  devices: ['cilium_vxlan'],
};

const change = (own: OwnNetwork, network: Record<string, unknown>, edits: readonly Edit[] = []) => {
  const facts = healthyFacts(SHAPE);
  for (const edit of [ownNetwork(own), ...edits]) edit(facts);
  return networkChange({ facts, cluster: clusterOf(SHAPE, { network }) });
};

const calico = (mode: string, more: object = {}) => ({
  cni: { name: 'calico', version: 'v3.31.7', mode, ...more },
});
const why = (made: ReturnType<typeof change>) => made?.ways[0]?.forbidden.map(({ text }) => text);

describe('the way to another mode of the same network', () => {
  it('is none where it runs as asked', () => {
    expect(change(CALICO, calico('vxlan'))).toBeUndefined();
    expect(change({ ...CALICO, carriage: 'ipip' }, calico('ipip'))).toBeUndefined();
  });

  it('has its price: what is cut, and until when', () => {
    const made = change(CALICO, calico('ipip'));
    expect(made).toMatchObject({
      from: 'Calico VXLAN',
      to: 'Calico IPIP',
      ways: [{ id: 'mode', forbidden: [] }],
    });
    expect(made?.ways[0]?.price.interruption).toContain('from the change of the pools until every agent');
    const native = change(CILIUM, { cni: { name: 'cilium', mode: 'native' } });
    expect(native?.ways[0]?.price.interruption).toContain('while all agents start again at once');
  });

  it('is seen where devices do not tell: bare within subnets, Geneve', () => {
    expect(change(CALICO, calico('vxlan', { options: { crossSubnet: true } }))).toMatchObject({
      from: 'Calico VXLAN',
      to: 'Calico VXLAN (vxlan/cross-subnet)',
      ways: [{ id: 'mode' }],
    });
    const geneve = { cni: { name: 'cilium', mode: 'tunnel', options: { tunnelProtocol: 'geneve' } } };
    expect(change(CILIUM, geneve)?.to).toContain('tunnel/geneve');
  });

  it('is forbidden by what the mode needs: protocol 4', () => {
    expect(why(change(CALICO, calico('ipip'), [cells('protocol/4', '-')]))?.join()).toContain(
      'IP protocol 4',
    );
  });

  it('is forbidden while pods live that were made for a smaller header', () => {
    const ipip = { ...CALICO, carriage: 'ipip', devices: ['tunl0'], podMtu: 1480 };
    expect(why(change(ipip, calico('vxlan')))?.[0]).toMatch(
      /a pod at cali\w+ has an MTU of 1480, and Calico VXLAN carries 1\d+: first network\.cni\.mtu/,
    );
    expect(why(change({ ...ipip, podMtu: 1300 }, calico('vxlan')))).toEqual([]);
  });

  it('is forbidden for routes of the provider: pods that live have other addresses', () => {
    const network = {
      provider: { kind: 'other', shape: 'routed', routes: true },
      cni: { name: 'cilium', mode: 'native' },
    };
    expect(why(change(CILIUM, network))?.join()).toContain('addresses of Cilium’s pool');
  });

  it('is not gone where somebody else has told the agents', () => {
    const { carriage: _, ...others } = CALICO;
    expect(why(change(others, calico('ipip')))?.join()).toContain('was not told by Drover');
  });
});

describe('the way to another installer of the same network', () => {
  const FLANNEL: OwnNetwork = { agents: 'x/y', conf: '10-flannel.conflist', backend: 'vxlan' };

  it('is taken over by a DaemonSet, in the same mode', () => {
    const apart = (mode: string) => ({ cni: { name: 'flannel', by: 'daemonset', mode } });
    expect(change(FLANNEL, apart('vxlan'))).toMatchObject({
      from: 'Flannel VXLAN',
      to: 'Flannel as a DaemonSet: Flannel VXLAN',
      ways: [{ id: 'take-over', forbidden: [] }],
    });
    expect(why(change(FLANNEL, apart('host-gw')))?.join()).toContain('first mode: vxlan');
  });

  it('is no way for Calico: agents of both would fight', () => {
    expect(why(change(CALICO, calico('vxlan', { by: 'operator' })))?.join()).toContain('say by: manifest');
  });
});
