import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { networksInUse } from '../../../src/facts/cni/in-use.js';
import { type Edit, install, M1, set, settings, W1 } from '../../diagnosis/fixtures/edit.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';

const facts = (...edits: readonly Edit[]) => {
  const made = healthyFacts({ hosts: 4, servers: 3 });
  for (const edit of edits) edit(made);
  return made;
};

const using = (edits: readonly Edit[], cluster?: ClusterFacts) =>
  networksInUse(facts(...edits).hosts, cluster).used.map(({ driver, mode }) => `${driver} ${mode ?? '?'}`);

const reads = (host: string, dir: string, ...paths: string[]): Edit =>
  set(host, 'cni', {
    readFrom: [
      { runtime: 'k3s', confDir: dir, binDir: '/opt/cni/bin', source: 'config.toml' },
      { runtime: 'containerd', confDir: '/etc/cni/net.d', binDir: '/opt/cni/bin', source: 'default' },
    ],
    files: paths.map((path) => ({ path })),
  });

const none = settings({ 'flannel-backend': 'none' });
const agents = (namespace: string, name: string): ClusterFacts =>
  ({
    nodes: [],
    workloads: [{ kind: 'DaemonSet', namespace, name, wanted: 4, ready: 4 }],
  }) as unknown as ClusterFacts;

describe('the networks in use', () => {
  it('are none on hosts without Kubernetes', () => expect(using([])).toEqual([]));

  it('are Flannel inside K3s in the mode of the servers, which agents do not know', () => {
    expect(using([install(M1), install(W1)])).toEqual(['flannel-k3s vxlan']);
    const gateway = install(M1, { settings: settings({ 'flannel-backend': 'host-gw' }) });
    expect(using([gateway, install(W1)])).toEqual(['flannel-k3s host-gw']);
    expect(using([install(M1, { settings: none }), install(W1)])).toEqual([]);
    expect(using([install(W1)])).toEqual(['flannel-k3s ?']);
  });

  it('have no certain mode when settings and running Flannels say different things', () => {
    const running = { nodes: [{ flannelBackend: 'host-gw' }], workloads: [] } as unknown as ClusterFacts;
    expect(using([install(M1)], running)).toEqual(['flannel-k3s ?']);
  });

  it('are read from the folder of the runtime that Kubernetes uses, not of another on the host', () => {
    const k3s = '/var/lib/rancher/k3s/agent/etc/cni/net.d';
    const both = reads(M1, k3s, `${k3s}/10-flannel.conflist`, '/etc/cni/net.d/05-cilium.conflist');
    expect(using([install(M1), both])).toEqual(['flannel-k3s vxlan']);
    const calico = reads(M1, '/etc/cni/net.d', '/etc/cni/net.d/10-calico.conflist');
    expect(using([install(M1, { settings: none }), calico])).toEqual(['calico-manifest none']);
  });

  it('are several in the middle of a change, and for Canal', () => {
    const calico = reads(W1, '/etc/cni/net.d', '/etc/cni/net.d/05-calico.conflist');
    expect(using([install(M1), install(W1), calico])).toEqual(['flannel-k3s vxlan', 'calico-manifest none']);
    const canal = reads(M1, '/etc/cni/net.d', '/etc/cni/net.d/10-canal.conflist');
    expect(using([install(M1, { settings: none }), canal])).toEqual([
      'flannel-daemonset ?',
      'calico-manifest none',
    ]);
  });

  it('are told by agents that run, also where they were installed another way', () => {
    const off = [install(M1, { settings: none })];
    expect(using(off, agents('calico-system', 'calico-node'))).toEqual(['calico-operator none']);
    expect(using(off, agents('kube-system', 'cilium'))).toEqual(['cilium native']);
    expect(using(off, agents('kube-flannel', 'kube-flannel-ds'))).toEqual(['flannel-daemonset ?']);
  });

  it('are not known of hosts that were not seen', () => {
    const made = facts(install(M1));
    for (const host of made.hosts) if (host.name === W1) host.sections = {};
    expect(networksInUse(made.hosts).unseen).toEqual([W1]);
  });
});
