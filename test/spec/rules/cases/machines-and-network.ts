/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- specs under test are wrong on purpose, so their drafts have no type */
import type { Cases } from './case.js';

const hetzner = { kind: 'hetzner-cloud' };
const agents = (many: number): object[] =>
  Array.from({ length: many }, (_, i) => ({ name: `w${i}`, address: `10.0.0.${i + 20}`, role: 'agent' }));

/** Ranges, hosts, versions, the cluster network. */
export const machinesAndNetwork: Cases = {
  'range-host-bits': [(s) => (s.network.nodes = '10.0.0.1/24'), '10.0.0.1/24'],
  'ranges-overlap': [
    (s) => (s.network.services = '10.42.128.0/17'),
    '10.42.128.0/17',
    (s) => (s.network.services = '10.41.0.0/16'),
  ],
  'range-inside-provider': [
    (s) =>
      Object.assign(s.network, {
        services: '10.43.0.0/16',
        provider: { kind: 'other', range: '10.42.0.0/15', routes: true },
      }),
    '10.43.0.0/16',
    (s) => (s.network.provider = { kind: 'other', range: '10.42.0.0/16', routes: true }),
  ],
  'address-in-cluster-range': [
    (s) => (s.hosts[4].address = '10.42.0.9'),
    '10.42.0.9',
    (s) => (s.hosts[4].address = '10.44.0.9'),
  ],
  'host-outside-node-range': [(s) => (s.hosts[3].address = '10.0.7.1'), '10.0.7.1'],
  'range-families': [(s) => (s.network.services = 'fd43::/112'), 'fd43::/112'],
  'pod-range-too-small': [
    (s) => (s.network.pods = '10.42.0.0/23'),
    '10.42.0.0/23',
    (s) => (s.network.pods = '10.42.0.0/22'),
  ],
  'cni-pool': [
    (s) => (s.network.cni = { name: 'calico', pool: '10.44.0.0/17' }),
    '10.44.0.0/17',
    (s) => (s.network.cni = { name: 'calico', pool: '10.42.128.0/17' }),
  ],
  'change-budget': [
    (s) => (s.network.change = { budget: { longest: '10s', total: '9s' } }),
    '9s',
    (s) => (s.network.change = { budget: { longest: '10s', total: '10s' } }),
  ],
  'pods-per-node': [
    (s) => (s.network.nodeMask = 26),
    '26',
    (s) => Object.assign(s.network, { nodeMask: 26, maxPods: 61 }),
  ],
  'service-range-size': [
    (s) => (s.network.services = '11.0.0.0/8'),
    '11.0.0.0/8',
    (s) => (s.network.services = '11.0.0.0/12'),
  ],
  'cluster-dns': [(s) => (s.network.dns = '10.44.0.10'), '10.44.0.10', (s) => (s.network.dns = '10.43.0.53')],
  'cni-installer': [
    (s) => (s.network.cni = { name: 'cilium', by: 'operator' }),
    'operator',
    (s) => (s.network.cni = { name: 'calico', by: 'operator' }),
  ],
  'cni-mode': [
    (s) => (s.network.cni = { name: 'calico', mode: 'tunnel' }),
    'tunnel',
    (s) => (s.network.cni = { name: 'calico', mode: 'ipip' }),
  ],
  'cni-mtu': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mtu: 1450 } }),
    '1450',
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mtu: 1400 } }),
  ],
  'kube-proxy-mode': [
    (s) => (s.network.kubeProxy = 'replaced'),
    'replaced',
    (s) => (s.network.kubeProxy = 'nftables'),
  ],
  'kube-proxy-ipvs': [(s) => (s.network.kubeProxy = 'ipvs'), 'ipvs'],
  'direct-routes-on-routed-network': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mode: 'host-gw' } }),
    'host-gw',
    (s) =>
      Object.assign(s.network, {
        provider: { ...hetzner, routes: true },
        cni: { name: 'cilium', mode: 'native' },
      }),
  ],
  'ipip-and-provider-firewall': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { name: 'calico', mode: 'ipip' } }),
    'ipip',
  ],
  'provider-limits': [
    (s) => {
      s.hosts.push(...agents(98));
      s.network.provider = hetzner;
    },
    'hetzner-cloud',
    (s) => {
      s.hosts.push(...agents(96));
      s.network.provider = hetzner;
    },
  ],
  'server-count': [(s) => (s.hosts[2].role = 'agent'), 's2', (s) => s.hosts.splice(1, 2)],
  'duplicate-host-name': [(s) => (s.hosts[4].name = 'a1'), 'a1'],
  'duplicate-host-address': [(s) => (s.hosts[4].address = '10.0.0.11'), '10.0.0.11'],
  'host-label': [
    (s) => (s.hosts[3].labels = { 'node-role.kubernetes.io/worker': 'true' }),
    'node-role',
    (s) => (s.hosts[3].labels = { 'topology.kubernetes.io/zone': 'fsn1', 'example.com/x': '' }),
  ],
  'k3s-version': [
    (s) => (s.distribution.version = 'v1.36.4'),
    'v1.36.4',
    (s) => (s.distribution.version = 'v1.36.4+k3s2'),
  ],
  'kubernetes-version-unknown': [(s) => (s.distribution.version = 'v1.52.0+k3s1'), 'v1.52.0'],
  'kubernetes-end-of-life': [(s) => (s.distribution.version = 'v1.34.2+k3s1'), 'v1.34.2'],
  'kubespray-version': [
    (s) => (s.distribution = { kind: 'kubespray', version: 'master' }),
    'master',
    (s) => (s.distribution = { kind: 'kubespray' }),
  ],
  'k3s-config-owned': [(s) => (s.distribution.config = { 'flannel-backend': 'none' }), 'flannel-backend'],
  'k3s-config-unknown': [
    (s) => (s.distribution.agentConfig = { 'etcd-expose-metrics': true }),
    'etcd-expose',
    (s) => (s.distribution.config = { 'etcd-expose-metrics': true, 'kubelet-arg+': ['v=2'] }),
  ],
  'kubespray-variables': [
    (s) => (s.distribution = { kind: 'kubespray', variables: { network_plugin: 'calico' } }),
    'network_plugin',
    (s) => (s.distribution = { kind: 'kubespray', variables: { kube_owner: 'root' } }),
  ],
  'cni-version': [
    (s) => (s.network.cni = { name: 'calico', version: 'latest' }),
    'latest',
    (s) => (s.network.cni = { name: 'cilium', version: '1.19.4' }),
  ],
  'calico-ipset': [
    (s) => (s.network.cni = { name: 'calico', version: 'v3.31.2' }),
    'v3.31.2',
    (s) => (s.network.cni = { name: 'calico', version: 'v3.30.6' }),
  ],
  'cni-option-dead': [
    (s) => (s.network.cni = { name: 'calico', options: { ipipMode: 'Always' } }),
    'ipipMode',
  ],
  'cni-option-useless': [
    (s) => (s.network.cni = { name: 'cilium', version: '1.14.9', options: { tunnel: 'vxlan' } }),
    'tunnel',
    (s) => (s.network.cni = { name: 'cilium', options: { hubble: {} } }),
  ],
  'cni-source': [
    (s) => (s.network.cni = { name: 'calico', version: 'v3.33.0' }),
    'v3.33.0',
    (s) =>
      (s.network.cni = {
        name: 'calico',
        version: 'v3.33.0',
        source: { kind: 'release', sha256: 'a'.repeat(64) },
      }),
  ],
};
