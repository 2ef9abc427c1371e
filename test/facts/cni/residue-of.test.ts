import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DRIVER_IDS } from '../../../src/facts/cni/driver.js';
import { driverOf, drivers } from '../../../src/facts/cni/drivers.js';
import { type Kept, podLinksOn, residueOf } from '../../../src/facts/cni/residue-of.js';
import type { HostFacts } from '../../../src/facts/model/host-facts.js';
import type { Trace } from '../../../src/facts/model/kubernetes.js';
import { traces, W1 } from '../../diagnosis/fixtures/edit.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';

type Seen = readonly [Trace['owner'], Trace['kind'], string];

const hostWith = (seen: readonly Seen[], part: HostFacts['sections'] = {}): HostFacts => {
  const facts = healthyFacts({ hosts: 4, servers: 3 });
  traces(
    W1,
    ...seen.map(([owner, kind, name]): [Trace['owner'], Trace['kind'], string] => [owner, kind, name]),
  )(facts);
  const host = facts.hosts.find(({ name }) => name === W1);
  if (host === undefined) throw new Error(W1);
  return { ...host, sections: { ...host.sections, ...part } };
};

const names = (seen: readonly Seen[], kept: readonly Kept[], part: HostFacts['sections'] = {}) =>
  residueOf(hostWith(seen, part), { kept }).map(({ cni, trace }) => `${cni} ${trace.name}`);

const vxlan: Kept = { driver: 'flannel-k3s', mode: 'vxlan' };
const gateway: Kept = { driver: 'flannel-k3s', mode: 'host-gw' };
const AT = '2026-11-20T10:00:00.000Z';

const link = (name: string, more: object = {}) => ({
  name,
  mtu: 1450,
  up: true,
  addresses: [],
  ...more,
});

describe('residue', () => {
  it('is what no network in use makes', () => {
    const seen: Seen[] = [
      ['flannel', 'link', 'flannel.1'],
      ['flannel', 'chain', 'FLANNEL-POSTRTG'],
      ['calico', 'link', 'vxlan.calico'],
      ['cilium', 'rule', '100:\tfrom all lookup local'],
      ['kube-proxy', 'chain', 'KUBE-SERVICES'],
    ];
    expect(names(seen, [vxlan])).toEqual(['calico vxlan.calico', 'cilium 100:\tfrom all lookup local']);
    expect(names(seen, [])).toHaveLength(4);
    expect(names(seen, [{ driver: 'calico-operator', mode: 'vxlan' }])).toHaveLength(3);
  });

  it('holds rules of K3s’ controller of NetworkPolicies once that is off, and nothing else of kube-router', () => {
    const seen: Seen[] = [
      ['kube-router', 'chain', 'KUBE-ROUTER-FORWARD'],
      ['kube-router', 'chain', 'KUBE-POD-FW-ABCDEF'],
      ['kube-router', 'ipset', 'KUBE-SRC-ABCDEF'],
      ['kube-router', 'nft-table', 'inet kube-router-filter-ipv4'],
      ['kube-router', 'link', 'kube-bridge'],
      ['kube-proxy', 'chain', 'KUBE-SERVICES'],
    ];
    const found = (policies?: boolean) =>
      residueOf(hostWith(seen), { kept: [vxlan], ...(policies === undefined ? {} : { policies }) }).map(
        ({ cni, trace }) => `${cni} ${trace.name}`,
      );
    expect(found(false)).toEqual([
      'kube-router KUBE-ROUTER-FORWARD',
      'kube-router KUBE-POD-FW-ABCDEF',
      'kube-router KUBE-SRC-ABCDEF',
      'kube-router inet kube-router-filter-ipv4',
    ]);
    expect(found(true)).toEqual([]);
    expect(found()).toEqual([]);
  });

  it('holds devices of another mode of the network in use, unless its mode is not certain or routes lead there', () => {
    const seen: Seen[] = [['flannel', 'link', 'flannel.1']];
    expect(names(seen, [gateway])).toEqual(['flannel flannel.1']);
    expect(names(seen, [{ driver: 'flannel-k3s', mode: null }])).toEqual([]);
    const route = {
      destination: '10.42.1.0/24',
      gateway: '10.42.1.0',
      device: 'flannel.1',
      table: 'main',
      type: 'unicast',
      onlink: true,
    };
    expect(names(seen, [gateway], { routes: { at: AT, value: { routes: [route], rules: [] } } })).toEqual([]);
  });

  it('holds files of another way of installing the same network', () => {
    const seen: Seen[] = [
      ['flannel', 'file', '/etc/cni/net.d/10-flannel.conflist'],
      ['flannel', 'file', '/run/flannel/subnet.env'],
    ];
    expect(names(seen, [vxlan])).toEqual(['flannel /etc/cni/net.d/10-flannel.conflist']);
  });

  it('holds what Cilium renamed, whosever it was', () => {
    const seen: Seen[] = [['flannel', 'file', '/etc/cni/net.d/10-flannel.conflist.cilium_bak']];
    expect(names(seen, [vxlan])).toEqual(['cilium /etc/cni/net.d/10-flannel.conflist.cilium_bak']);
  });

  it('does not hold the device that the kernel makes for protocol 4 while it is down and has no address', () => {
    const seen: Seen[] = [['calico', 'link', 'tunl0']];
    const links = (up: boolean) => ({ links: { at: AT, value: [link('tunl0', { up, kind: 'ipip' })] } });
    expect(names(seen, [vxlan], links(false))).toEqual([]);
    expect(names(seen, [vxlan], links(true))).toEqual(['calico tunl0']);
  });

  it('leaves routes of a BIRD that the host may run for itself', () => {
    const seen: Seen[] = [
      ['calico', 'route', '10.9.0.0/16 via 10.0.0.1 dev eth0 proto bird'],
      ['calico', 'route', 'blackhole 10.42.7.0/26 proto 80'],
    ];
    expect(names(seen, [vxlan])).toEqual(['calico blackhole 10.42.7.0/26 proto 80']);
  });

  it('is never anything that a kept network makes in a mode that is not certain', () => {
    const samples: Seen[] = [
      ['flannel', 'link', 'flannel.1'],
      ['flannel', 'link', 'flannel-wg'],
      ['flannel', 'link', 'cni0'],
      ['calico', 'link', 'vxlan.calico'],
      ['calico', 'chain', 'cali-FORWARD'],
      ['calico', 'ipset', 'cali40this-host'],
      ['cilium', 'link', 'cilium_vxlan'],
      ['cilium', 'bpf', '/sys/fs/bpf/tc/globals/cilium_lxc'],
    ];
    fc.assert(
      fc.property(fc.subarray(samples), fc.subarray([...DRIVER_IDS]), (seen, ids) => {
        const kept = ids.map((driver): Kept => ({ driver, mode: null }));
        const stays = new Set<string>(ids.map((id) => driverOf(id).cni));
        const found = residueOf(hostWith(seen), { kept });
        expect(found.filter(({ cni }) => stays.has(cni))).toEqual([]);
        expect(found.length).toBe(seen.filter(([owner]) => !stays.has(owner)).length);
        expect(drivers.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('pods that still hang on residue', () => {
  it('are seen by the ends of their devices', () => {
    const seen: Seen[] = [
      ['flannel', 'link', 'cni0'],
      ['calico', 'link', 'cali12ab34cd56e'],
    ];
    const part = {
      links: {
        at: AT,
        value: [
          link('cni0', { kind: 'bridge' }),
          link('veth1234', { kind: 'veth', master: 'cni0' }),
          link('veth5678', { kind: 'veth', master: 'br-other' }),
          link('cali12ab34cd56e', { kind: 'veth' }),
        ],
      },
    };
    const host = hostWith(seen, part);
    expect(podLinksOn(host, residueOf(host, { kept: [] }))).toEqual(['veth1234', 'cali12ab34cd56e']);
    expect(podLinksOn(host, residueOf(host, { kept: [vxlan] }))).toEqual(['cali12ab34cd56e']);
  });
});
