import { describe, expect, it } from 'vitest';
import { cleanGoals } from '../../src/plan/clean-goals.js';
import { keepNetwork } from '../../src/plan/keep-network.js';
import { clusterOf } from '../diagnosis/fixtures/cluster.js';
import { all, type Edit, install, M1, settings } from '../diagnosis/fixtures/edit.js';
import { healthyFacts } from '../diagnosis/fixtures/healthy.js';

const SHAPE = { hosts: 4, servers: 3 };
const CALICO = { cni: { name: 'calico', mode: 'ipip', version: 'v3.31.7' } };

const worldWith = (...edits: readonly Edit[]) => {
  const facts = healthyFacts(SHAPE);
  for (const edit of edits) edit(facts);
  return { hosts: new Map(facts.hosts.map((host) => [host.name, host])) };
};
const running = all((host) => install(host));

describe('a plan that does not change the network', () => {
  it('keeps the settings of the one that runs, so that it is not switched off by the way', () => {
    const kept = keepNetwork(clusterOf(SHAPE, { network: CALICO }), worldWith(running));
    expect(kept.spec.network.cni).toMatchObject({ name: 'flannel', mode: 'vxlan' });
    const mode = clusterOf(SHAPE, { network: { cni: { name: 'flannel', mode: 'host-gw' } } });
    expect(keepNetwork(mode, worldWith(running)).spec.network.cni.mode).toBe('vxlan');
    const apart = clusterOf(SHAPE, { network: { cni: { name: 'flannel', by: 'daemonset' } } });
    expect(keepNetwork(apart, worldWith(running)).spec.network.cni.by).toBe('k3s');
  });

  it('takes what the spec says where it runs already, and where nothing runs yet', () => {
    const same = clusterOf(SHAPE);
    expect(keepNetwork(same, worldWith(running))).toBe(same);
    const fresh = clusterOf(SHAPE, { network: CALICO });
    expect(keepNetwork(fresh, worldWith())).toBe(fresh);
  });
});

describe('goals of cleaning', () => {
  it('keep on every member what any member uses, and rules of NetworkPolicies while anybody judges them', () => {
    const { goals, goal } = cleanGoals(clusterOf(SHAPE), worldWith(install(M1)));
    expect(goal).toBe('no trace of cluster networks but Flannel inside K3s');
    expect(goals.map(({ host }) => host)).toHaveLength(4);
    for (const { params } of goals)
      expect(params).toEqual({ kept: [{ driver: 'flannel-k3s', mode: 'vxlan' }], policies: true });
    const off = worldWith(install(M1, { settings: settings({ 'disable-network-policy': 'true' }) }));
    for (const { params } of cleanGoals(clusterOf(SHAPE), off).goals)
      expect(params).toMatchObject({ policies: false });
  });

  it('concern objects of the cluster only where there are any', () => {
    const world = worldWith(install(M1));
    const cluster = { nodes: [], networkDefinitions: ['ippools.crd.projectcalico.org'], workloads: [] };
    const { goals } = cleanGoals(clusterOf(SHAPE), { ...world, cluster: cluster as never });
    expect(goals.at(-1)).toMatchObject({ step: { id: 'cni.clean-objects' } });
    expect(goals.at(-1)?.after).toHaveLength(4);
  });
});
