import { describe, expect, it } from 'vitest';
import { ipsetGoals, ipsetSteps } from '../../src/plan/ipset-goals.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { worldOf } from '../steps/host/world.js';

const cluster = (version: string): Cluster =>
  ({
    hosts: [{ name: 'h1', role: 'server' }],
    spec: { network: { cni: { name: 'calico', version } } },
  }) as unknown as Cluster;

const world = (revision: number) =>
  worldOf({
    traces: [],
    ipsets: {
      sets: [{ name: 'cali40this-host', type: 'hash:ip', revision, references: 1, entries: 1 }],
      supported: {},
    },
  });

const ids = (version: string, revision: number): readonly string[] =>
  ipsetGoals(cluster(version), world(revision), () => ['k3s.config/h1']).map(({ id }) => id);

describe('ipsets in a plan', () => {
  it('are swapped for a Calico that would stop on them, after K3s has its settings', () => {
    expect(ipsetGoals(cluster('v3.27.0'), world(6), () => ['k3s.config/h1'])).toMatchObject([
      { id: 'cni.ipset-swap/h1', params: { reads: 5 }, after: ['k3s.config/h1'] },
    ]);
  });

  it('are left to a Calico that makes them anew, and where they can be read', () => {
    expect(ids('v3.31.7', 6)).toEqual([]);
    expect(ids('v3.27.0', 5)).toEqual([]);
    expect(ipsetSteps(cluster('v3.31.7'))).toEqual([]);
    expect(ipsetSteps(cluster('v3.31.2'))).toEqual(['cni.ipset-swap']);
  });
});
